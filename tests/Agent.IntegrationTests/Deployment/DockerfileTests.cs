using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace Agent.IntegrationTests.Deployment;

/// <summary>The Dockerfile and the compose file of agent/docs/deploy.md, built by buildah and run: the app is traced, and its traces are on the viewer's pages.</summary>
[TestClass]
[TestCategory("OnNet10")]
public sealed partial class DockerfileTests
{
    readonly string _folder = Directory.CreateTempSubdirectory("agent-dockerfile").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task App_and_viewer()
    {
        var documentation = await File.ReadAllTextAsync(Path.Combine(Places.Root, "agent", "docs", "deploy.md"));
        var (root, variables) = await Build(Block(documentation, "dockerfile"));
        var services = (Dictionary<object, object>)new Deserializer().Deserialize<Dictionary<string, object>>(Block(documentation, "yaml"))["services"];

        // On this machine's loopback, with ports that are free.
        var command = Words(services, "viewer", "entrypoint").Select(word => word is "dotnet" ? "/dotnet/dotnet" : word is "0.0.0.0" ? "127.0.0.1" : word);
        var viewer = await Make("viewer", root, variables, services);
        await using var pages = viewer.Start([.. command, "--port", "0", "--http-port", "0", "--grpc-port", "0"]);
        await pages.Printed("Traces: ");
        var (web, otlp) = (Web().Match(pages.Output).Value, Otlp().Match(pages.Output).Value);

        var app = (await Make("app", root, variables, services)).With("OTEL_EXPORTER_OTLP_ENDPOINT", otlp);
        await using var shop = app.Start(Container.AppCommand("Storefront"));
        using (var client = new HttpClient { BaseAddress = await shop.Listening })
            await client.GetStringAsync(new Uri("/Products/1", UriKind.Relative));
        var ended = await shop.Stop();
        Assert.AreEqual(0, ended.ExitCode, ended.Error);

        using var reader = new HttpClient { BaseAddress = new Uri(web) };
        reader.DefaultRequestHeaders.Authorization = new("Bearer", "preview");
        var traces = JsonNode.Parse(await reader.GetStringAsync(new Uri("/api/traces?service=Storefront", UriKind.Relative)))!["data"]!.AsArray();
        Assert.Contains("GET Products/{id:int}", traces.SelectMany(trace => trace!["spans"]!.AsArray()).Select(span => (string)span!["operationName"]!), ended.Error);
    }

    /// <summary>Builds it on an image that has the Storefront and no system, and unpacks what comes out.</summary>
    /// <returns>The root of its files, and its variables.</returns>
    async Task<(string Root, string[] Variables)> Build(string dockerfile)
    {
        if (!File.Exists(Image.Archive))
            Assert.Inconclusive("There is no artifacts/image: ./build.sh image writes it.");
        string[] storage = ["--root", Path.Combine(_folder, "storage"), "--runroot", Path.Combine(_folder, "run"), "--storage-driver", "vfs"];
        Task<string> Buildah(params string[] arguments) => Command.Run("buildah", [.. storage, .. arguments]);

        await Buildah("pull", "--quiet", $"docker-archive:{Image.Archive}:{Image.Name}:{Image.Version}{(Image.Architecture == "amd64" ? "" : $"-{Image.Architecture}")}");
        var context = Path.GetDirectoryName(Places.TestApp("Storefront"))!;
        var file = Path.Combine(_folder, "Dockerfile");
        await File.WriteAllTextAsync(file, $"FROM scratch\nCOPY . /app\n{dockerfile}");
        await Buildah("build", "--quiet", "--isolation", "chroot", "--file", file, "--tag", "my-app", context);
        var image = $"{Path.Combine(_folder, "image")}:my-app";
        await Buildah("push", "--quiet", "my-app", $"oci:{image}");
        await Command.Run("umoci", "unpack", "--image", image, Path.Combine(_folder, "unpacked"));
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "unpacked", "config.json")))!;
        return (Path.Combine(_folder, "unpacked", "rootfs"), [.. configuration["process"]!["env"]!.AsArray().Select(variable => (string)variable!)]);
    }

    async Task<Container> Make(string service, string root, string[] variables, Dictionary<object, object> services)
    {
        var container = await Container.Make(Path.Combine(_folder, service), root);
        foreach (var variable in variables.Where(variable => !variable.StartsWith("PATH=", StringComparison.Ordinal)))
            container.With(variable.Split('=')[0], variable.Split('=', 2)[1]);
        foreach (var (name, value) in (Dictionary<object, object>)Service(services, service)["environment"])
            container.With((string)name, (string)value);
        return container.Mount("/tmp", Container.Writable(Path.Combine(_folder, "tmp")), isWritable: true);
    }

    static Dictionary<object, object> Service(Dictionary<object, object> services, string name) => (Dictionary<object, object>)services[name];

    static string[] Words(Dictionary<object, object> services, string service, string what) => [.. ((List<object>)Service(services, service)[what]).Cast<string>()];

    static string Block(string documentation, string language) => Regex.Match(documentation, $"^```{language}\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline) is { Success: true } found
        ? found.Groups[1].Value : throw new AssertFailedException($"deploy.md has no {language}.");

    [GeneratedRegex(@"(?<=Traces: )http://\S+")]
    private static partial Regex Web();

    [GeneratedRegex(@"http://\S+(?= \(http)")]
    private static partial Regex Otlp();
}
