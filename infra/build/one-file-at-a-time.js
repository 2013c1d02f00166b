import Runner from 'jest-runner';

/** For files that start the whole platform: its processes share two cores with what they are asked. */
export default class OneFileAtATime extends Runner {
  constructor(config, context) {
    super({ ...config, maxWorkers: 1 }, context);
  }
}
