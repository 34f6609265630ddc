import { useCallback, useState } from 'react';
import {
  getContainer,
  getContainerLog,
  listContainers,
  upgradeContainer,
} from '../../../gateway/protocol/api/containers.ts';
import { useConsole, useLive } from '../console-context.ts';
import { consolePath } from '../console-route.ts';
import { readingState } from '../core/reading.ts';
import { Card } from '../parts/card.tsx';
import { ContainerWork } from '../parts/container-work.tsx';
import { Facts } from '../parts/facts.tsx';
import { Form } from '../parts/form.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { ReadingView } from '../parts/reading-view.tsx';
import { TextField } from '../parts/text-field.tsx';

const LINES = 200;

/** One container: what it is, what it writes, and another image for one of its template. */
export function ContainerPage({ name }: { readonly name: string }) {
  const { api } = useConsole();
  const read = useCallback(
    () => api.call(getContainer, { params: { container: name } }),
    [api, name],
  );
  const readLog = useCallback(
    () => api.call(getContainerLog, { params: { container: name }, query: { tail: LINES } }),
    [api, name],
  );
  const readWork = useCallback(() => api.call(listContainers), [api]);
  const live = useLive(read, [], 3_000);
  const log = useLive(readLog, [], 2_000);
  const work = useLive(readWork, [], 2_000);
  return (
    <PageFrame
      title={name}
      testId="container-page"
      state={readingState(live.reading)}
      back={{ to: consolePath('containers'), name: 'Containers' }}
    >
      <ReadingView live={live}>
        {(container) => (
          <>
            <Card title="Container" testId="container-facts">
              <Facts
                facts={[
                  ['State', container.status],
                  ['Image', container.image],
                  ['Command', container.command.join(' ')],
                  ['Media server', container.node ?? container.problem ?? 'none'],
                  ['Restarts', container.restarts],
                  ['Environment', container.environment.join(', ') || 'none'],
                  ['Rights', rightsOf(container)],
                ]}
              />
            </Card>
            {container.slot !== null && <UpgradeCard onDone={work.refresh} />}
          </>
        )}
      </ReadingView>
      <ReadingView live={work}>{(all) => <ContainerWork work={all.work} />}</ReadingView>
      <Card title="Log" testId="container-log" hint={`The last ${LINES} lines.`}>
        <ReadingView live={log}>
          {({ items }) => (
            <pre className="text-box" role="region" aria-label="Lines of the log" tabIndex={0}>
              {items.map(({ text }) => text).join('\n') || 'Nothing yet.'}
            </pre>
          )}
        </ReadingView>
      </Card>
    </PageFrame>
  );
}

const rightsOf = (container: { readonly isPrivileged: boolean; readonly isReadOnly: boolean }) =>
  [
    container.isPrivileged ? 'privileged' : 'not privileged',
    container.isReadOnly ? 'its files are read-only' : 'it may write its files',
  ].join(', ');

function UpgradeCard({ onDone }: { readonly onDone: () => Promise<void> }) {
  const { api } = useConsole();
  const [image, setImage] = useState('');
  const submit = async () => {
    await api.call(upgradeContainer, { body: { image } });
    await onDone();
  };
  return (
    <Card
      title="Another image"
      hint="The container of the template with the fewest sessions is drained and replaced; when the new one does not serve, the old one comes back."
    >
      <Form action="Upgrade one container" testId="upgrade" submit={submit}>
        <TextField name="Image" testId="upgrade-image" value={image} required onChange={setImage} />
      </Form>
    </Card>
  );
}
