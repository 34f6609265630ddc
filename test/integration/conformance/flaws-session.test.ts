import { describeFlaws } from './describe-flaws.ts';
import { sessionFlaws } from './model/flaws-session.ts';

describeFlaws('sessions', sessionFlaws);
