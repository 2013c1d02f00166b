import { letter, type Template } from './template.js';

export const welcome: Template = {
  email: ({ name }) => ({
    subject: 'Welcome to Evermart',
    text: letter(
      name,
      'Welcome to Evermart. Your account is ready: sign in with this email address.',
      'If you did not make this account, please tell us.',
    ),
  }),
};
