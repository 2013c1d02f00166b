import { describeProviderContract } from './testing/provider-contract.js';
import { startProvider } from './testing/start-provider.js';

describeProviderContract('the simulator', {
  methods: { pays: 'pm_ok', declines: 'pm_declined' },
  open: async () => {
    const { client, stop } = await startProvider();
    return { provider: client, stop };
  },
});
