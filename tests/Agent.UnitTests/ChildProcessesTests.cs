namespace Agent.UnitTests;

[TestClass]
public sealed class ChildProcessesTests
{
    [TestMethod]
    [DataRow("/agent/Agent.StartupHook.dll", null)]
    [DataRow("/agent/../agent//Agent.StartupHook.dll", null)]
    [DataRow("Agent.StartupHook", null)]
    [DataRow("/agent/Agent.StartupHook.dll:/elsewhere/agent.startuphook.dll", null)]
    [DataRow(":/agent/Agent.StartupHook.dll:", null)]
    [DataRow("/first.dll:/agent/Agent.StartupHook.dll:/last.dll", "/first.dll:/last.dll")]
    [DataRow("First:/agent/Agent.StartupHook.dll::Last, Version=1.0.0.0", "First::Last, Version=1.0.0.0")]
    [DataRow("/agent/My.Agent.StartupHook.dll", "/agent/My.Agent.StartupHook.dll")]
    [DataRow("/Agent.StartupHook.dll/other.dll", "/Agent.StartupHook.dll/other.dll")]
    [DataRow("Agent.StartupHook.Other", "Agent.StartupHook.Other")]
    public void Only_the_agents_entry_is_taken_out(string hooks, string? expected) =>
        Assert.AreEqual(expected?.Replace(':', Path.PathSeparator), ChildProcesses.Without(hooks.Replace(':', Path.PathSeparator)));
}
