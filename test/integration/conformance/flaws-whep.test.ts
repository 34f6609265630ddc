import { describeFlaws } from './describe-flaws.ts';
import { extensionFlaws, whepFlaws } from './model/flaws-whep.ts';

describeFlaws('the WHEP endpoint', whepFlaws);
describeFlaws('extensions', extensionFlaws);
