import { useState } from 'preact/hooks';
import type { TargetedEvent } from 'preact';
import type { SignIn as Credentials } from '../../client/session.js';
import { Page } from './parts/page.js';
import { ProblemNotice } from './parts/problem-notice.js';

/** Why somebody has to sign in. */
export type WhyNot = keyof typeof reasons;

type SignInProps = Readonly<{ signIn: (who: Credentials) => Promise<void>; why: WhyNot }>;

/** Asks who somebody is. */
export const SignIn = ({ signIn, why }: SignInProps) => {
  const [problem, setProblem] = useState<unknown>();
  const [isAsking, setIsAsking] = useState(false);
  const submit = async (event: TargetedEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setIsAsking(true);
    setProblem(undefined);
    try {
      await signIn({ email: fields.get('email') as string, password: fields.get('password') as string });
    } catch (error) {
      setProblem(error);
      setIsAsking(false);
    }
  };
  return (
    <Page title="Sign in" lead="For staff, auditors and admins.">
      {reasons[why] !== null && <p class="notice">{reasons[why]}</p>}
      <form class="stacked" onSubmit={(event) => void submit(event)}>
        <label>
          Email
          <input name="email" type="email" autocomplete="username" required />
        </label>
        <label>
          Password
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <button type="submit" class="primary" disabled={isAsking}>
          Sign in
        </button>
        <ProblemNotice problem={problem} />
      </form>
    </Page>
  );
};

const reasons = {
  nobody: null,
  over: 'Your session is over. Sign in again to go on where you were.',
  untold: 'You are signed out here. The platform could not be told, so the session ends there by itself.',
} as const;
