import { describeFlaws } from './describe-flaws.ts';
import { corsFlaws } from './model/flaws-cors.ts';
import { whipFlaws } from './model/flaws-whip.ts';

describeFlaws('the WHIP endpoint', whipFlaws);
describeFlaws('CORS', corsFlaws);
