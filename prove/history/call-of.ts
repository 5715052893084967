import type { Call, CommandAct } from './call.ts';
import { floorCall } from './floor-call.ts';
import { goodsCall, transferCall } from './goods-call.ts';
import { holdCommand, orderCall } from './order-call.ts';
import type { Scene } from './scene.ts';

/** The command of an act, the `n`-th of its history; it looks at the scene where the act depends on what is there. */
export function callOf(scene: Scene, act: CommandAct, n: number): Call {
  switch (act.do) {
    case 'holdMany': {
      const commands = act.holds.map((hold, i) => holdCommand(hold, `${n}-${i}`));
      return { opId: null, send: () => scene.store(0).holdMany(commands) };
    }
    case 'floor':
      return floorCall(scene, act, n);
    case 'send':
    case 'unload':
    case 'callBack':
      return transferCall(scene, act, n);
    case 'receive':
    case 'execute':
    case 'startCount':
    case 'submitCount':
      return goodsCall(scene, act, n);
    case 'hold':
    case 'renew':
    case 'promote':
    case 'commit':
    case 'release':
    case 'expectCourier':
    case 'cancelPick':
      return orderCall(scene, act, n);
  }
}
