using System.Text.Json.Nodes;
using k8s;

namespace Agent.IntegrationTests.Deployment;

/// <summary>What build/kubernetes makes of deployments: rendered by kubectl and helm, valid for Kubernetes, and a pod that runs and is traced.</summary>
[TestClass]
[TestCategory("OnNet10")]
public sealed class KubernetesTests
{
    /// <summary>Deployments as apps have them: with and without lists, with a variable that has a similar name, beside what is not to be touched.</summary>
    const string Apps = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: shop}
        spec:
          selector: {matchLabels: {app: shop}}
          template:
            metadata: {labels: {app: shop}}
            spec:
              containers:
                - name: web
                  image: registry.example.com/shop:1
                  env: [{name: ASPNETCORE_ENVIRONMENT, value: preview-42}, {name: SHOP_TMPDIR, value: /shop}]
                  volumeMounts: [{name: data, mountPath: /data}]
                  resources: {limits: {memory: 128Mi}}
                - {name: sidecar, image: "registry.example.com/sidecar:1"}
              volumes: [{name: data, emptyDir: {}}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: bare}
        spec:
          selector: {matchLabels: {app: bare}}
          template:
            metadata: {labels: {app: bare}}
            spec: {containers: [{name: api, image: "registry.example.com/bare:1"}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: shop}
        spec: {selector: {app: shop}, ports: [{port: 80}]}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: night}
        spec: {schedule: "0 3 * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: job, image: "registry.example.com/job:1"}]}}}}}
        """;

    /// <summary>A chart as many are: it hands lists on.</summary>
    const string Chart = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: shop}
        spec:
          selector: {matchLabels: {app: shop}}
          template:
            metadata: {labels: {app: shop}}
            spec:
              containers:
                - name: web
                  image: registry.example.com/shop:1
                  env: {{- concat (list (dict "name" "ASPNETCORE_ENVIRONMENT" "value" "preview-42")) .Values.env | toYaml | nindent 12 }}
                  volumeMounts: {{- toYaml .Values.volumeMounts | nindent 12 }}
              volumes: {{- toYaml .Values.volumes | nindent 8 }}
        """;

    static readonly string Tools = Path.Combine(Places.Artifacts, "kubernetes");

    static readonly string Manifests = Path.Combine(Places.Root, "build", "kubernetes");

    readonly string _folder = Directory.CreateTempSubdirectory("agent-kubernetes").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow("image-volume")]
    [DataRow("init-container")]
    public async Task Component_adds_the_agent_to_deployments_and_to_nothing_else(string component)
    {
        var (before, after) = (await Render(null), await Render(component));
        CollectionAssert.AreEqual(Others(before), Others(after));
        foreach (var name in (string[])["shop", "bare"])
        {
            var pod = Pod(after, name);
            var app = pod["containers"]![0]!;
            Assert.AreEqual("/agent/Agent.StartupHook.dll, preview-*, http://otel-collector:4318, /agent-diagnostics",
                string.Join(", ", ((string[])["DOTNET_STARTUP_HOOKS", "AGENT_ENVIRONMENTS", "OTEL_EXPORTER_OTLP_ENDPOINT", "TMPDIR"]).Select(variable => Named(app["env"]!, variable)["value"])));
            var image = component == "image-volume" ? Named(pod["volumes"]!, "agent-files")["image"]!["reference"] : Named(pod["initContainers"]!, "agent")["image"];
            Assert.AreEqual("registry.example.com/agent:0.2.0", (string?)image);
            Assert.IsTrue(JsonNode.DeepEquals(Without(Pod(before, name)), Without(pod)), $"{pod}");
        }

        static string[] Others(JsonArray manifests) => [.. manifests.Where(manifest => (string)manifest!["kind"]! != "Deployment").Select(manifest => manifest!.ToJsonString())];

        // The pod without what is the agent's, and without lists that are empty then.
        static JsonNode Without(JsonNode pod)
        {
            var rest = pod.DeepClone();
            foreach (var (owner, list) in (ReadOnlySpan<(JsonNode, string)>)[(rest["containers"]![0]!, "env"), (rest["containers"]![0]!, "volumeMounts"), (rest, "volumes"), (rest, "initContainers")])
            {
                JsonNode[] kept = [.. (owner[list]?.AsArray() ?? []).Where(item => (string)item!["name"]! is not ("DOTNET_STARTUP_HOOKS" or "AGENT_ENVIRONMENTS" or "OTEL_EXPORTER_OTLP_ENDPOINT" or "TMPDIR" or "agent-files" or "agent-diagnostics" or "agent")).Select(item => item!.DeepClone())];
                owner.AsObject().Remove(list);
                if (kept.Length > 0)
                    owner[list] = new JsonArray(kept);
            }

            return rest;
        }
    }

    [TestMethod]
    [DataRow("image-volume", "preview-42", true)]
    [DataRow("init-container", "preview-42", true)]
    [DataRow("init-container", "Production", false)]
    public async Task The_pod_runs_and_is_traced_in_preview_environments_only(string component, string environment, bool isTraced)
    {
        var pod = Pod(await Render(component), "shop");
        Named(pod["containers"]![0]!["env"]!, "ASPNETCORE_ENVIRONMENT")["value"] = environment;
        await Runs(pod, isTraced);
    }

    [TestMethod]
    public async Task Settings_of_the_overlays_own()
    {
        const string file = "agent-settings.yaml";
        var usual = await File.ReadAllTextAsync(Path.Combine(Manifests, "settings", file));
        await File.WriteAllTextAsync(Path.Combine(_folder, file), usual.Replace("http://otel-collector:4318", "http://jaeger:4318", StringComparison.Ordinal));
        var manifests = await Render("image-volume", file);
        Assert.DoesNotContain("ConfigMap", manifests.Select(manifest => (string)manifest!["kind"]!));
        var pod = Pod(manifests, "shop");
        Assert.AreEqual("http://jaeger:4318", (string?)Named(pod["containers"]![0]!["env"]!, "OTEL_EXPORTER_OTLP_ENDPOINT")["value"]);
    }

    [TestMethod]
    public async Task Values_for_helm()
    {
        var chart = Directory.CreateDirectory(Path.Combine(_folder, "chart", "templates")).Parent!.FullName;
        await File.WriteAllTextAsync(Path.Combine(chart, "Chart.yaml"), "apiVersion: v2\nname: shop\nversion: 1.0.0\n");
        await File.WriteAllTextAsync(Path.Combine(chart, "values.yaml"), "env: []\nvolumes: []\nvolumeMounts: []\n");
        await File.WriteAllTextAsync(Path.Combine(chart, "templates", "deployment.yaml"), Chart);
        var rendered = await Command.Run(Program("helm"), "template", "preview", chart, "-f", Path.Combine(Manifests, "helm-values.yaml"));
        await Runs(Pod(await Validate(rendered), "shop"), isTraced: true);
    }

    /// <summary>Runs the containers of a pod, one after the other, with the volumes that they share.</summary>
    async Task Runs(JsonNode pod, bool isTraced)
    {
        var image = await Image.Unpack(Image.Architecture, Path.Combine(_folder, "image"));
        var volumes = new Dictionary<string, (string Folder, bool IsWritable)>();
        foreach (var volume in pod["volumes"]!.AsArray())
        {
            var name = (string)volume!["name"]!;
            if (volume["image"] is not null)
            {
                volumes.Add(name, (image, false));
                continue;
            }

            volumes.Add(name, (Container.Writable(Path.Combine(_folder, "volumes", name)), true));
        }

        foreach (var first in pod["initContainers"]?.AsArray() ?? [])
        {
            var container = Mounted(await Container.Make(Path.Combine(_folder, "init"), image, hasSystem: false), first!);
            var ended = await container.Run([.. first!["command"]!.AsArray().Select(word => (string)word!)]);
            Assert.AreEqual(0, ended.ExitCode, ended.Error);
        }

        var app = Mounted(await Container.Make(Path.Combine(_folder, "app")), pod["containers"]![0]!);
        foreach (var variable in pod["containers"]![0]!["env"]!.AsArray())
            app.With((string)variable!["name"]!, (string)variable["value"]!);
        await using var shop = await app.StartApp("Storefront");
        await shop.Client.GetStringAsync(new Uri("/Products/1", UriKind.Relative));
        var (traces, said) = await shop.Stop();
        Assert.AreEqual(0, said.ExitCode, said.Error);
        if (isTraced)
            Snapshot.Matches(traces, file: "StorefrontTests.cs", test: "Page_that_calls_its_own_service");
        else
            Assert.IsEmpty(traces);

        // The agent's image has its files in /agent, and a volume that is an image has that image's root.
        Container Mounted(Container container, JsonNode described)
        {
            foreach (var mount in described["volumeMounts"]!.AsArray())
            {
                var (folder, isWritable) = volumes[(string)mount!["name"]!];
                container.Mount((string)mount["mountPath"]!, Path.Combine(folder, (string?)mount["subPath"] ?? ""), isWritable);
            }

            return container;
        }
    }

    /// <param name="component">What the overlay takes; null for nothing.</param>
    /// <param name="settings">Its own settings; null for the usual ones.</param>
    async Task<JsonArray> Render(string? component, string? settings = null)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "apps.yaml"), Apps);
        string[] components = component is null ? [] : settings is null ? ["settings", component] : [component];
        var paths = components.Select(name => Path.GetRelativePath(_folder, Path.Combine(Manifests, name)));
        await File.WriteAllTextAsync(Path.Combine(_folder, "kustomization.yaml"), $$"""
            resources: [apps.yaml{{(settings is null ? "" : $", {settings}")}}]
            components: [{{string.Join(", ", paths)}}]
            images: [{name: agent, newName: registry.example.com/agent, newTag: 0.2.0}]
            """);
        return await Validate(await Command.Run(Program("kubectl"), "kustomize", _folder));
    }

    /// <summary>Held against Kubernetes' schemas, and against its types, which know every field that there is.</summary>
    static async Task<JsonArray> Validate(string manifests)
    {
        KubernetesYaml.LoadAllFromString(manifests, strict: true);
        var ended = await Command.Try("node", manifests, Path.Combine(AppContext.BaseDirectory, "Deployment", "validate.mjs"), Tools);
        Assert.AreEqual(0, ended.ExitCode, $"{ended.Error}\n{manifests}");
        return JsonNode.Parse(ended.Output)!.AsArray();
    }

    static string Program(string name) => Path.Combine(Tools, name) is var path && File.Exists(path) ? path
        : throw new AssertInconclusiveException($"There is no {name}: ./build.sh test installs it with npm, where that is.");

    static JsonNode Pod(JsonArray manifests, string name) => manifests.Single(manifest => (string)manifest!["kind"]! == "Deployment" && (string)manifest["metadata"]!["name"]! == name)!["spec"]!["template"]!["spec"]!;

    static JsonNode Named(JsonNode list, string name) => list.AsArray().Single(item => (string)item!["name"]! == name)!;
}
