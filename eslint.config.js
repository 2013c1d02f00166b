import eslint from '@eslint/js';
import jest from 'eslint-plugin-jest';
import typescript from 'typescript-eslint';

export default typescript.config(
  { ignores: ['dist/', 'node_modules/', '.data/', '.artefacts/', '*.cjs', 'gateway/client/api-types.ts'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...typescript.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allow: [{ name: ['URL', 'Error'], from: 'lib' }] },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-console': 'error',
    },
  },
  { files: ['**/*.js'], languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } } },
  { files: ['**/*.{spec,int,e2e}.ts'], ...jest.configs['flat/recommended'] },
  {
    files: ['**/*.{spec,int,e2e}.ts'],
    rules: {
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', '**.then*', 'expect*', '**.expect*'] }],
      'jest/no-disabled-tests': 'error',
      'jest/no-conditional-expect': 'error',
    },
  },
);
