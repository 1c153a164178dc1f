namespace Agent.IntegrationTests.Deployment;

/// <summary>A new version of the agent in the place of the old one, while an app runs that has that.</summary>
[TestClass]
public sealed class UpgradeTests
{
    readonly string _folder = Directory.CreateTempSubdirectory("agent-upgrade").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    /// <summary>Nothing of the new folder can be loaded, so whatever the process still took from there would be missed.</summary>
    [TestMethod]
    public async Task A_process_that_runs_keeps_the_version_it_has()
    {
        var (current, next, old) = (Path.Combine(_folder, "agent"), Path.Combine(_folder, "agent.new"), Path.Combine(_folder, "agent.old"));
        await Command.Run("cp", "-r", Places.Agent, current);
        await Command.Run("cp", "-r", Places.Agent, next);
        foreach (var file in Directory.GetFiles(next, "*", SearchOption.AllDirectories))
            await File.WriteAllTextAsync(file, "another version");
        await using var shop = await TracedApp.Start("Storefront", ("DOTNET_STARTUP_HOOKS", Path.Combine(current, "Agent.StartupHook.dll")));

        Directory.Move(current, old);
        Directory.Move(next, current);
        Directory.Delete(old, recursive: true);

        StringAssert.Contains(await shop.Client.GetStringAsync(new Uri("/Products/1", UriKind.Relative)), "</html>");
        var (traces, ended) = await shop.Stop();
        Assert.AreEqual(0, ended.ExitCode, ended.Error);
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
        Snapshot.Matches(traces, file: "StorefrontTests.cs", test: "Page_that_calls_its_own_service");
    }
}
