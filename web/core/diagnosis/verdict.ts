import type { Check, Finding } from './finding.ts';

/** The whole diagnosis in a sentence, and what to do. */
export interface Verdict {
  /** `limited`: a picture comes, but not by the best way, or not everything works. */
  readonly tone: 'good' | 'limited' | 'bad';
  readonly sentence: string;
  readonly advice: string;
}

/** What the gateway says of where media goes. */
export interface ServerSide {
  /** Whether pictures may come over a WebSocket. */
  readonly mediaWebSocket: boolean;
  /** What is wrong with the announced addresses, by the gateway's own judgement. */
  readonly remarks: readonly string[];
  /** The gateway's own check of every announced address failed. */
  readonly isUnreachableFromThere: boolean;
  /** `address:port` that media is to be sent to. */
  readonly addresses: readonly string[];
}

/** What is blocked and what to do, by the findings of all checks. */
export function judge(findings: readonly Finding[], server: ServerSide): Verdict {
  const of = (check: Check) => findings.find((finding) => finding.check === check);
  const isFailed = (check: Check) => of(check)?.outcome === 'failed';
  const isPassed = (check: Check) => of(check)?.outcome === 'passed';
  for (const check of ['gateway', 'link'] as const) {
    const finding = of(check);
    if (finding?.outcome === 'failed') {
      return bad(finding.sentence, adviceOf(finding, isFailed('clock')));
    }
  }
  const overWebSocket = server.mediaWebSocket && isPassed('websocket');
  if (isFailed('udp')) {
    const relayed = isPassed('turn-udp') || isPassed('turn-tcp');
    const { sentence, advice } = blockedUdp(findings, server);
    const rest = detour({ relayed, overWebSocket, codecs: !isFailed('codecs') });
    if (rest === null) return bad(sentence, advice);
    return { tone: 'limited', sentence: `${sentence} ${rest}`, advice };
  }
  const codecs = of('codecs');
  if (codecs?.outcome === 'failed') {
    return bad(codecs.sentence, 'Open the link in a current Chrome, Edge, Firefox or Safari.');
  }
  if (of('udp')?.outcome === 'left-out') {
    return {
      tone: 'limited',
      sentence: 'The way to the media server could not be tried.',
      advice: 'Run the diagnosis again in a moment.',
    };
  }
  if (isFailed('websocket')) {
    return {
      tone: 'limited',
      sentence: 'Pictures get through, but WebSockets are blocked.',
      advice:
        'Watching works; control of a shared machine needs a network or proxy that lets WebSockets through.',
    };
  }
  if (isFailed('clock')) {
    return {
      tone: 'limited',
      sentence: 'Everything gets through, but this machine’s clock is wrong.',
      advice: 'Set the clock: links and relay passwords have a time in them.',
    };
  }
  return {
    tone: 'good',
    sentence: 'Everything that a picture needs gets through.',
    advice: 'If there is no picture, nobody is sharing now, or the sender has a problem.',
  };
}

const bad = (sentence: string, advice: string): Verdict => ({ tone: 'bad', sentence, advice });

function adviceOf({ check, details }: Finding, isClockWrong: boolean): string {
  if (details.includes('node-unavailable')) {
    return 'Try again in a moment; if it stays so, tell the server’s administrator.';
  }
  if (check === 'gateway') {
    return 'Check the address and the network connection; a proxy or firewall may block this site.';
  }
  return isClockWrong
    ? 'This machine’s clock is wrong as well: set it, then try again.'
    : 'Ask whoever sent the link for a new one.';
}

/** Whose fault it is that no check came back. */
function blockedUdp(
  findings: readonly Finding[],
  { remarks, isUnreachableFromThere, addresses }: ServerSide,
): { readonly sentence: string; readonly advice: string } {
  const where = addresses.join(', ');
  const [remark] = remarks;
  if (remark !== undefined) {
    return {
      sentence: `The server tells browsers to send media to ${where}, which cannot be reached from here.`,
      advice: `This is for the server’s administrator: ${remark}`,
    };
  }
  if (isUnreachableFromThere) {
    return {
      sentence: `The server tells browsers to send media to ${where}, where nothing answers, not even to the server itself.`,
      advice:
        'This is for the server’s administrator: set MEDIA_CANDIDATE to the address and port that lead to the media server.',
    };
  }
  const passes = findings.some(
    ({ check, outcome }) => outcome === 'passed' && (check === 'stun' || check === 'turn-udp'),
  );
  if (passes) {
    return {
      sentence: `UDP works in this network, but not to the media server (${where}).`,
      advice:
        'A firewall blocks that port on the way: the server’s administrator must open it for UDP, or check MEDIA_CANDIDATE.',
    };
  }
  return {
    sentence: 'This network blocks UDP, by which pictures come.',
    advice:
      'Try another network, turn off a VPN, or ask for UDP to be allowed to the media server.',
  };
}

function detour(way: {
  readonly relayed: boolean;
  readonly overWebSocket: boolean;
  readonly codecs: boolean;
}): string | null {
  if (way.relayed && way.codecs) return 'Pictures come through a TURN relay instead.';
  return way.overWebSocket ? 'Pictures come over the WebSocket instead.' : null;
}
