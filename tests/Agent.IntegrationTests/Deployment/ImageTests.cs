using System.Text.Json.Nodes;

namespace Agent.IntegrationTests.Deployment;

/// <summary>The container image, copied, unpacked and run by tools of others.</summary>
[TestClass]
[TestCategory("OnNet10")]
public sealed class ImageTests
{
    readonly string _folder = Directory.CreateTempSubdirectory("agent-image").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task One_name_for_both_architectures()
    {
        var index = JsonNode.Parse(await Skopeo("inspect", "--raw", Image.Layout))!;
        CollectionAssert.AreEqual((string[])["linux/amd64", "linux/arm64"], index["manifests"]!.AsArray().Select(manifest => $"{manifest!["platform"]!["os"]}/{manifest["platform"]!["architecture"]}").ToArray());
        await Skopeo("copy", "--quiet", "--all", Image.Layout, $"oci:{Path.Combine(_folder, "all")}:{Image.Name}"); // reads and compares every digest
    }

    [TestMethod]
    [DataRow("0.1.0", "amd64")]
    [DataRow("0.1.0-arm64", "arm64")]
    public async Task A_file_to_load(string tag, string architecture)
    {
        var inspected = JsonNode.Parse(await Skopeo("inspect", $"docker-archive:{Image.Archive}:{Image.Name}:{tag}"))!;
        Assert.AreEqual((architecture, "linux", Image.Version), ((string)inspected["Architecture"]!, (string)inspected["Os"]!, (string)inspected["Labels"]!["org.opencontainers.image.version"]!));
    }

    [TestMethod]
    [DataRow("amd64", "linux-x64", "linux-arm64")]
    [DataRow("arm64", "linux-arm64", "linux-x64")]
    public async Task Files_that_everybody_can_read_and_only_root_can_write(string architecture, string system, string otherSystem)
    {
        var root = await Image.Unpack(architecture, _folder);
        CollectionAssert.AreEqual((string[])["agent", "copy"], Directory.GetFileSystemEntries(root).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
        var entries = (await Command.Run("find", root, "-mindepth", "1", "-printf", "%U:%G %m %y %P\n")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var entry in entries)
            Assert.Contains(string.Join(' ', entry.Split(' ')[..3]), (string[])["0:0 755 d", "0:0 644 f", "0:0 755 f"], entry);
        CollectionAssert.AreEqual((string[])["agent/agent", "copy"], entries.Where(entry => entry.Contains(" 755 f ", StringComparison.Ordinal)).Select(entry => entry.Split(' ')[3]).Order(StringComparer.Ordinal).ToArray());
        Assert.IsTrue(File.Exists(Path.Combine(root, "agent", "native", system, "libagent_rejit.so")));
        Assert.IsEmpty(Directory.GetFileSystemEntries(root, otherSystem, SearchOption.AllDirectories), "what only another architecture needs");
    }

    [TestMethod]
    public async Task An_app_in_a_hardened_container_is_traced_as_anywhere()
    {
        var agent = await Image.Unpack(Image.Architecture, Path.Combine(_folder, "image"));
        var temporary = Container.Writable(Path.Combine(_folder, "tmp"));
        var container = await Container.Make(Path.Combine(_folder, "app"));
        container.Mount("/agent", Path.Combine(agent, "agent")).With("DOTNET_STARTUP_HOOKS", "/agent/Agent.StartupHook.dll");
        container.Mount("/agent-diagnostics", temporary, isWritable: true).With("TMPDIR", "/agent-diagnostics");
        await Answers(container, "Page_that_calls_its_own_service", "");
    }

    [TestMethod]
    public async Task An_app_in_a_container_where_nothing_can_be_written_has_the_frameworks_spans()
    {
        var agent = await Image.Unpack(Image.Architecture, Path.Combine(_folder, "image"));
        var container = await Container.Make(Path.Combine(_folder, "app"));
        container.Mount("/agent", Path.Combine(agent, "agent")).With("DOTNET_STARTUP_HOOKS", "/agent/Agent.StartupHook.dll");
        await Answers(container, "Methods_cannot_be_patched", "; TMPDIR may name another, such as /dev/shm");
    }

    [TestMethod]
    [DataRow("amd64")]
    [DataRow("arm64")]
    public async Task The_image_copies_itself_to_a_volume(string architecture)
    {
        var root = await Image.Unpack(architecture, Path.Combine(_folder, "image"));
        var volume = Container.Writable(Path.Combine(_folder, "volume"));
        var container = (await Container.Make(Path.Combine(_folder, "init"), root, hasSystem: false)).Mount("/volume", volume, isWritable: true);
        string[] command = ["/copy", "/volume"];
        if (architecture != Image.Architecture)
        {
            var emulator = Command.Find(architecture == "arm64" ? "qemu-aarch64-static" : "qemu-x86_64-static");
            container.Mount("/emulator", Path.GetDirectoryName(emulator)!);
            command = [$"/emulator/{Path.GetFileName(emulator)}", .. command];
        }

        foreach (var attempt in (string[])["first", "again, over what is there"])
        {
            var ended = await container.Run(command);
            Assert.AreEqual((0, ""), (ended.ExitCode, ended.Output), attempt + ended.Error);
            StringAssert.EndsWith(ended.Error, " files are in /volume.\n");
        }

        await Command.Run("diff", "-r", Path.Combine(root, "agent"), volume);
        Assert.IsTrue(File.GetUnixFileMode(Path.Combine(volume, "agent")).HasFlag(UnixFileMode.OtherExecute));
    }

    [TestMethod]
    [DataRow("/copy", 2, "COPY --from=IMAGE /agent /agent")]
    [DataRow("/copy volume", 2, "an absolute path")]
    [DataRow("/copy /nowhere/agent", 1, "The agent could not be copied: making /nowhere/agent failed with error 2 (no such folder).\n")]
    [DataRow("/copy /agent/again", 1, "The agent could not be copied: making /agent/again failed with error 30 (read-only file system).\n")]
    public async Task What_cannot_be_copied_is_said(string command, int exitCode, string said)
    {
        var root = await Image.Unpack(Image.Architecture, Path.Combine(_folder, "image"));
        var ended = await (await Container.Make(Path.Combine(_folder, "init"), root, hasSystem: false)).Run(command.Split(' '));
        Assert.AreEqual((exitCode, ""), (ended.ExitCode, ended.Output), ended.Error);
        StringAssert.Contains(ended.Error, said);
    }

    static Task<string> Skopeo(params string[] arguments) =>
        Directory.Exists(Image.Folder) ? Command.Run("skopeo", arguments) : throw new AssertInconclusiveException("There is no artifacts/image: ./build.sh image writes it.");

    /// <param name="container">With the agent.</param>
    /// <param name="snapshot">The trees that the Storefront has anywhere.</param>
    /// <param name="said">What the agent's line has in it.</param>
    static async Task Answers(Container container, string snapshot, string said)
    {
        await using var shop = await container.StartApp("Storefront");
        StringAssert.Contains(await shop.Client.GetStringAsync(new Uri("/Products/1", UriKind.Relative)), "</html>");
        var (traces, ended) = await shop.Stop();
        Assert.AreEqual(0, ended.ExitCode, ended.Error);
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
        StringAssert.Contains(ended.Error, said);
        Snapshot.Matches(traces, file: "StorefrontTests.cs", test: snapshot);
    }
}
