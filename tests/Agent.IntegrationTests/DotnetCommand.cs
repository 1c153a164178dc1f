using System.Diagnostics;

namespace Agent.IntegrationTests;

/// <summary>A command of the .NET SDK, which leaves no processes behind and may take longer than an app.</summary>
static class DotnetCommand
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Variables with which it builds without processes that stay.</summary>
    public static (string, string?)[] NoServers => [("MSBUILDDISABLENODEREUSE", "1"), ("UseSharedCompilation", "false")];

    /// <summary>Runs it to its end.</summary>
    public static async Task<EndedApp> Run(string folder, IEnumerable<string> command, params (string, string?)[] environment)
    {
        await using var dotnet = TestApp.Start(new ProcessStartInfo("dotnet", command) { WorkingDirectory = folder }, [.. NoServers, .. environment]);
        return await dotnet.End(Patience);
    }

    /// <summary>The same of one that has to succeed; where packages cannot be had the test is inconclusive.</summary>
    public static async Task Succeed(string folder, IEnumerable<string> command, params (string, string?)[] environment)
    {
        var ended = await Run(folder, command, environment);
        if (ended.ExitCode != 0 && ended.Output.Contains("error NU", StringComparison.Ordinal)) // NuGet's
            Assert.Inconclusive($"what it needs could not be had: {ended.Output}");
        Assert.AreEqual(0, ended.ExitCode, ended.Output + ended.Error);
    }
}
