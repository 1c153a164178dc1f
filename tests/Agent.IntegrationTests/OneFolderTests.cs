using System.Diagnostics;
using System.Reflection.PortableExecutable;

namespace Agent.IntegrationTests;

/// <summary>The published folder is for every system, and where it is not, the app runs all the same.</summary>
[TestClass]
public sealed class OneFolderTests
{
    /// <summary>What the runtime loads before any of our code runs, or can choose, has to be loadable everywhere: it refuses what is compiled for another system, and ends the app.</summary>
    [TestMethod]
    public void What_every_system_loads_is_nothing_but_IL()
    {
        string[] files = [Places.Hook, .. Directory.GetFiles(Path.Combine(Places.Agent, "net10.0"), "*.dll"), .. Directory.GetFiles(Path.Combine(Places.Agent, "net10.0", "fallback"), "*.dll")];
        Assert.IsGreaterThan(20, files.Length);
        foreach (var file in files)
            Assert.IsFalse(IsCompiled(file), file);
    }

    [TestMethod]
    public void Many_systems_have_compiled_code_and_all_a_native_part()
    {
        var compiled = Directory.GetDirectories(Path.Combine(Places.Agent, "net10.0")).Select(Path.GetFileName).Where(static name => name is not ("fallback" or "compat")).Order(StringComparer.Ordinal);
        CollectionAssert.AreEqual(new[] { "linux-arm64", "linux-x64", "win-x64" }, compiled.ToArray());
        var whole = Directory.GetFiles(Path.Combine(Places.Agent, "net10.0", "linux-x64")).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray();
        foreach (var system in compiled)
        {
            var files = Directory.GetFiles(Path.Combine(Places.Agent, "net10.0", system!));
            CollectionAssert.AreEqual(whole, files.Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray(), system);
            foreach (var file in files)
                Assert.IsTrue(IsCompiled(file), file);
        }
        CollectionAssert.AreEqual(new[] { "linux-arm64", "linux-x64", "osx-arm64", "osx-x64", "win-x64" },
            Directory.GetDirectories(Path.Combine(Places.Agent, "native")).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
        Assert.IsLessThan(25_000_000L, Size(Places.Agent));
        foreach (var system in compiled)
        {
            string[] others = [.. Directory.GetDirectories(Path.Combine(Places.Agent, "native")).Select(Path.GetFileName).OfType<string>().Where(name => name != system), "viewer", "bin"];
            var elsewhere = whole.Select(name => Path.Combine("net10.0", name!)).Append(Path.Combine("cli", "Agent.CommandLine.dll")); // the IL of what is compiled for it
            var one = Size(Places.Agent, others) - elsewhere.Sum(static file => new FileInfo(Path.Combine(Places.Agent, file)).Length);
            Assert.IsLessThan(system == "linux-arm64" ? 6_500_000L : 6_000_000L, one, $"{system}, as publish --rid makes it"); // its instructions are longer
        }
    }

    [TestMethod]
    public async Task A_folder_for_another_system()
    {
        using var folder = new Copy();
        folder.Delete("net10.0", Places.System);
        folder.DeleteFiles("net10.0");
        var (ended, page) = await Run(folder);
        Assert.AreEqual((0, "pong"), (ended.ExitCode, page));
        StringAssert.StartsWith(ended.Error, $"Agent 0.1.0: not tracing this process: its folder {folder.Path} has nothing for {Places.System} (");
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
    }

    [TestMethod]
    public async Task A_system_without_compiled_code()
    {
        using var folder = new Copy();
        folder.Delete("net10.0", Places.System);
        var (ended, page) = await Run(folder);
        Assert.AreEqual((0, "pong", "Agent 0.1.0: tracing Storefront (Production), traces go nowhere (OTEL_TRACES_EXPORTER=none).\n"), (ended.ExitCode, page, ended.Error));
    }

    [TestMethod]
    public async Task A_system_without_a_native_part()
    {
        using var folder = new Copy();
        folder.Delete("native", Places.System);
        var (ended, page) = await Run(folder);
        Assert.AreEqual((0, "pong"), (ended.ExitCode, page));
        StringAssert.Contains(ended.Error, "Only the framework's own spans, because ");
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
    }

    /// <summary>Somebody has put the files of another system in the place of this one's.</summary>
    [TestMethod]
    public async Task Compiled_for_another_system()
    {
        using var folder = new Copy();
        folder.Delete("net10.0", Places.System);
        Directory.Move(Path.Combine(folder.Path, "net10.0", "win-x64"), Path.Combine(folder.Path, "net10.0", Places.System));
        var (ended, page) = await Run(folder);
        Assert.AreEqual((0, "pong"), (ended.ExitCode, page));
        StringAssert.StartsWith(ended.Error, "Agent 0.1.0: not tracing this process: BadImageFormatException: ");
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
    }

    static bool IsCompiled(string file)
    {
        using var reader = new PEReader(File.OpenRead(file));
        var header = reader.PEHeaders.CorHeader!;
        return (header.Flags & CorFlags.ILOnly) == 0 || header.ManagedNativeHeaderDirectory.Size > 0;
    }

    /// <summary>In bytes, of all that lies in no folder of these names.</summary>
    static long Size(string folder, params string[] without) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(without.Contains)).Sum(static file => new FileInfo(file).Length);

    static async Task<(EndedApp App, string Page)> Run(Copy folder)
    {
        await using var app = TestApp.Start(new ProcessStartInfo("dotnet", [Places.TestApp("Storefront"), "--urls", "http://127.0.0.1:0"]),
            ("DOTNET_STARTUP_HOOKS", Path.Combine(folder.Path, "Agent.StartupHook.dll")), ("OTEL_TRACES_EXPORTER", "none"));
        using var client = new HttpClient { BaseAddress = await app.Listening };
        var page = await client.GetStringAsync(new Uri("/ping", UriKind.Relative));
        return (await app.Stop(), page);
    }

    /// <summary>What an app needs of the agent's folder, to be damaged.</summary>
    sealed class Copy : IDisposable
    {
        readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agent-test-");

        public Copy()
        {
            foreach (var file in Directory.GetFiles(Places.Agent, "*", SearchOption.AllDirectories).Where(static file => !file.Contains("/cli/", StringComparison.Ordinal)))
            {
                var copy = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(Places.Agent, file));
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        }

        public string Path => _folder.FullName;

        public void Delete(params string[] folders) => Directory.Delete(System.IO.Path.Combine([Path, .. folders]), recursive: true);

        public void DeleteFiles(string folder)
        {
            foreach (var file in Directory.GetFiles(System.IO.Path.Combine(Path, folder)))
                File.Delete(file);
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
