import { createVerifications, type Verification } from '../../infra/audit-log/verifications.js';
import type { Postgres } from '../../infra/postgres/postgres.js';
import { basePath, route, type Plain, type Route } from '../http/route.js';
import { acceptedAt, ok } from '../http/success.js';
import { auditors } from './access.js';
import { CompletedVerificationAnswer, VerificationAnswer } from './verification-answers.js';

export type VerificationParts = Readonly<{ postgres: Postgres }>;

/** Whether anybody has touched the record since: the auditor finds out, and these ask it to and tell what it found. */
export const verificationRoutes = ({ postgres }: VerificationParts): readonly Route[] => {
  const verifications = createVerifications(postgres);
  return [
    route(
      'POST',
      '/audit/verifications',
      {
        id: 'requestVerification',
        summary: 'Has the whole record compared with what was logged and signed of it',
        access: auditors,
        answers: acceptedAt(VerificationAnswer),
      },
      async () => {
        const verification = await verifications.request();
        const headers = { Location: `${basePath}/audit/verifications/${verification.id}` };
        return { status: 202, headers, body: verificationAnswer(verification) };
      },
    ),

    route(
      'GET',
      '/audit/verifications/:id',
      {
        id: 'getVerification',
        summary: 'How far a verification is, and what it found',
        access: auditors,
        answers: ok(VerificationAnswer),
        refuses: ['audit.no_verification'],
      },
      async ({ params: { id } }) => ({ status: 200, body: verificationAnswer(await verifications.find(id)) }),
    ),

    route(
      'GET',
      '/audit/verify',
      {
        id: 'getLatestVerification',
        summary: 'What the latest verification found',
        access: auditors,
        answers: ok(CompletedVerificationAnswer),
        refuses: ['audit.no_verification'],
      },
      async () => ({ status: 200, body: completedAnswer(await verifications.latest()) }),
    ),
  ];
};

const verificationAnswer = ({
  id,
  state,
  progress,
  completedAt,
  ...found
}: Verification): Plain<VerificationAnswer> => ({
  ...{ id, state, progress, ...known(found) },
  ...(completedAt === null ? {} : { completedAt: completedAt.toISOString() }),
});

const completedAnswer = (verification: Verification): Plain<CompletedVerificationAnswer> => {
  const { id, intact, through, checkpoint, firstDifference, completedAt } = verification;
  return {
    ...{ id, intact: intact === true, through, checkpoint, ...known({ firstDifference }) },
    completedAt: (completedAt as Date).toISOString(),
  };
};

type Known<Found> = { [Name in keyof Found]?: NonNullable<Found[Name]> };

/** What is not known yet is left out. */
const known = <Found extends object>(found: Found): Known<Found> =>
  Object.fromEntries(Object.entries(found).filter(([, value]) => value !== null)) as Known<Found>;
