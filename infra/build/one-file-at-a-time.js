import Runner from 'jest-runner';

/** For files that start engines: these share two cores with what they are asked. */
export default class OneFileAtATime extends Runner {
  constructor(config, context) {
    super({ ...config, maxWorkers: 1 }, context);
  }
}
