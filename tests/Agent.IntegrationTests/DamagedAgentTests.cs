using System.Diagnostics;

namespace Agent.IntegrationTests;

/// <summary>An agent folder that is read-only, elsewhere, somebody else's or damaged never keeps the app from running.</summary>
[TestClass]
[TestCategory("OnNet10")]
public sealed class DamagedAgentTests
{
    string _folder = "";

    [TestInitialize]
    public void CopyAgent()
    {
        _folder = Path.Combine(Path.GetTempPath(), $"agent with spaces {Guid.NewGuid():N}");
        foreach (var file in Directory.GetFiles(Places.Agent, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder, Path.GetRelativePath(Places.Agent, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow("net10.0/{system}/Agent.Entry.dll", "not tracing this process: ")]
    [DataRow("net10.0/{system}/Agent.dll", "not tracing this process: ")]
    [DataRow("net10.0/{system}/Agent.Harmony.dll", "not tracing this process: ")]
    [DataRow("net10.0/{system}/OpenTelemetry.dll", "not tracing this process: ")]
    [DataRow("net10.0/{system}/OpenTelemetry.Exporter.OpenTelemetryProtocol.dll", "not tracing this process: ")]
    [DataRow("net10.0/{system}/Agent.AspNetCore.dll", "the instrumentations of ASP.NET Core stay off: ")]
    [DataRow("{native}", "Only the framework's own spans, because ")]
    public async Task File_missing_or_truncated(string file, string said)
    {
        var path = Path.Combine(_folder, file.Replace("{system}", Places.System, StringComparison.Ordinal).Replace("{native}", Places.NativePart, StringComparison.Ordinal));
        var bytes = await File.ReadAllBytesAsync(path);
        var (expected, _) = await Run(hook: null);
        foreach (var length in (int[])[bytes.Length / 2, 100, 0, -1])
        {
            if (length < 0)
            {
                File.Delete(path);
                File.Delete(Path.Combine(_folder, "net10.0", Path.GetFileName(path))); // which would take its place
            }
            else
                await File.WriteAllBytesAsync(path, bytes[..length]);
            var (ended, page) = await Run(Hook, exporter: file.Contains("Exporter", StringComparison.Ordinal) ? "otlp" : "none"); // which is not loaded otherwise
            Assert.AreEqual((0, expected.Output, "Slow but sure."), (ended.ExitCode, ended.Output, page));
            StringAssert.Contains(ended.Error, said, $"{file}, {length} bytes");
            Assert.HasCount(said.StartsWith("the instr", StringComparison.Ordinal) ? 2 : 1, ended.Error.Trim().Split('\n'), ended.Error);
        }
    }

    [TestMethod]
    public async Task Native_library_for_another_processor()
    {
        var path = Path.Combine(_folder, Places.NativePart);
        var bytes = await File.ReadAllBytesAsync(Path.Combine(_folder, "native", Places.System == "linux-arm64" ? "linux-x64" : "linux-arm64", "libagent_rejit.so"));
        await File.WriteAllBytesAsync(path, bytes);
        var (ended, page) = await Run(Hook);
        Assert.AreEqual((0, "Slow but sure."), (ended.ExitCode, page));
        StringAssert.Contains(ended.Error, "Only the framework's own spans, because ");
    }

    [TestMethod]
    public async Task Read_only_folder_of_another_user()
    {
        foreach (var file in Directory.GetFiles(_folder, "*", SearchOption.AllDirectories))
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        foreach (var folder in Directory.GetDirectories(_folder, "*", SearchOption.AllDirectories).Append(_folder))
            File.SetUnixFileMode(folder, ReadAndEnter);
        var before = State();
        var (ended, page) = await Run(Hook, asNobody: Environment.UserName == "root");
        foreach (var folder in Directory.GetDirectories(_folder, "*", SearchOption.AllDirectories).Append(_folder))
            File.SetUnixFileMode(folder, ReadAndEnter | UnixFileMode.UserWrite);
        Assert.AreEqual((0, "Slow but sure."), (ended.ExitCode, page));
        StringAssert.StartsWith(ended.Error, "Agent 0.1.0: tracing Parcels (Production), traces go nowhere");
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
        Assert.AreEqual(before, State(), "nothing was written");

        string State() => string.Join('\n', Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{file} {new FileInfo(file).Length} {File.GetLastWriteTimeUtc(file):O}"));
    }

    const UnixFileMode ReadAndEnter = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    string Hook => Path.Combine(_folder, "Agent.StartupHook.dll");

    readonly int _port = TestApp.FreePort();

    async Task<(EndedApp App, string Page)> Run(string? hook, bool asNobody = false, string exporter = "none")
    {
        string[] command = [Places.TestApp("Parcels"), "--urls", $"http://127.0.0.1:{_port}"];
        var start = asNobody
            ? new ProcessStartInfo("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "dotnet", .. command])
            : new ProcessStartInfo("dotnet", command);
        await using var app = TestApp.Start(start, ("DOTNET_STARTUP_HOOKS", hook), ("OTEL_TRACES_EXPORTER", exporter), ("HOME", asNobody ? "/nonexistent" : Environment.GetEnvironmentVariable("HOME")));
        using var client = new HttpClient { BaseAddress = await app.Listening };
        var page = await client.GetStringAsync(new Uri("/motto", UriKind.Relative));
        return (await app.Stop(), page);
    }
}
