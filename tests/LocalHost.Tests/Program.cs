using IntegrationPoints.LocalHost.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// Started by a test as a function app of its own, or by the test platform, or by hand.
if (args is [ChildHost.Switch, .. var rest])
{
    return ChildHost.Run(rest);
}

return args.Any(a => a is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
