using System.Diagnostics;

namespace Agent.IntegrationTests;

/// <summary>The program `agent`, as published, run as a user runs it.</summary>
static class AgentProgram
{
    /// <summary>Runs it to its end.</summary>
    public static async Task<EndedApp> Run(params string[] args)
    {
        await using var program = TestApp.Start(new ProcessStartInfo(Path.Combine(Places.Agent, "agent"), args));
        return await program.End();
    }

    /// <summary>Runs it to its end, which must be a good one.</summary>
    /// <returns>What it has printed.</returns>
    public static async Task<string> Do(params string[] args)
    {
        var ended = await Run(args);
        Assert.AreEqual((0, ""), (ended.ExitCode, ended.Error), string.Join(' ', args));
        return ended.Output;
    }
}
