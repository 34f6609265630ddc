/** The process of an attacker: an order in, its outcome out. */
import { attack, type Attack } from './abuse-attacks.ts';

process.on('message', (order: Attack) => {
  void attack(order).then((outcome) => process.send?.(outcome));
});
process.on('disconnect', () => process.exit(0));
