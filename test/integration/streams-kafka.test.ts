import { afterAll, describe } from 'vitest';
import { KafkajsLog } from '../../streams/kit/kafkajs-log.ts';
import { kafkaOrSkip } from '../support/kafka.ts';
import { CONTRACT_TOPICS, testLogContract } from '../support/log-contract.ts';

const kafka = await kafkaOrSkip();
const brokers = [kafka?.address ?? ''];
afterAll(() => kafka?.remove());

describe.skipIf(kafka === undefined)('Apache Kafka', () => {
  testLogContract(() => Promise.resolve(new KafkajsLog({ brokers, topics: CONTRACT_TOPICS })));
});
