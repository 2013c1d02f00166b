import { serveFakeRole } from './fake-role.js';

serveFakeRole(process.env.WORKFLOWS_PORT);
