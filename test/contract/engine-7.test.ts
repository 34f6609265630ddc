import { openEngine } from '../support/contract/engine-target.ts';
import { describeSrsContract } from './srs-api.contract.ts';

describeSrsContract('the engine as SRS 7', () => openEngine(7));
