using Agent.Entry;

namespace Agent.UnitTests;

/// <summary>Which of the agent's folders a process takes, from what its host says of the system.</summary>
[TestClass]
public sealed class SystemFolderTests
{
    [TestMethod]
    [DataRow("linux-x64", "linux-x64")]
    [DataRow("linux-arm64", "linux-arm64")]
    [DataRow("linux-musl-x64", "linux-x64")]
    [DataRow("linux-musl-arm64", "linux-arm64")]
    [DataRow("alpine.3.22-x64", "linux-x64")]
    [DataRow("ubuntu.24.04-arm64", "linux-arm64")]
    [DataRow("fedora.43-x64", "linux-x64")]
    [DataRow("win-x64", "win-x64")]
    [DataRow("win10-arm64", "win-arm64")]
    [DataRow("osx-arm64", "osx-arm64")]
    [DataRow("osx.15-x64", "osx-x64")]
    [DataRow("nothing", null)]
    [DataRow(null, null)]
    public void Of_what_the_host_says(string? runtimeIdentifier, string? folder) => Assert.AreEqual(folder, SystemFolder.Of(runtimeIdentifier));

    [TestMethod]
    public void Of_this_process() =>
        Assert.AreEqual($"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", SystemFolder.Name);

    [TestMethod]
    [DataRow("linux-x64", "native/linux-x64/libagent_rejit.so")]
    [DataRow("osx-arm64", "native/osx-arm64/libagent_rejit.dylib")]
    [DataRow("win-x64", "native/win-x64/agent_rejit.dll")]
    public void Native_part(string system, string path) => Assert.AreEqual(path, NativePart.PathIn("", system).Replace(Path.DirectorySeparatorChar, '/'));
}
