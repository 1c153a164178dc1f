using Agent.Entry;

namespace Agent.UnitTests;

[TestClass]
public sealed class HooksTests
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
        Assert.AreEqual(expected?.Replace(':', Path.PathSeparator), Hooks.Without(hooks.Replace(':', Path.PathSeparator)));

    [TestMethod]
    [DataRow(null, "/agent/Agent.StartupHook.dll")]
    [DataRow("", "/agent/Agent.StartupHook.dll")]
    [DataRow("/first.dll", "/agent/Agent.StartupHook.dll:/first.dll")]
    [DataRow("/first.dll:/old/Agent.StartupHook.dll:Last", "/agent/Agent.StartupHook.dll:/first.dll:Last")]
    public void The_agent_is_put_before_other_hooks_once(string? hooks, string expected) =>
        Assert.AreEqual(expected.Replace(':', Path.PathSeparator), Hooks.With("/agent/Agent.StartupHook.dll", hooks?.Replace(':', Path.PathSeparator)));
}
