using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Agent.IntegrationTests.Deployment;

/// <summary>
/// A container as a hardened cluster has them, run by runc: a read-only root, a user without rights, no capabilities, no new privileges, system
/// calls filtered as Docker and Podman do by default, 128 MiB, nothing to write to but what is mounted. It shares the machine's loopback.
/// </summary>
sealed class Container
{
    const string Files = "rootfs"; // in the bundle

    const int User = 1654; // as in .NET's own images

    // Of Debian's golang-github-containers-common, which skopeo brings: the profile that Podman uses, made after Docker's.
    const string SystemCalls = "/usr/share/containers/seccomp.json";

    readonly string _bundle, _root;
    readonly string _id = $"agent-test-{Guid.NewGuid():N}";
    readonly JsonNode _configuration;

    Container(string bundle, string root, JsonNode configuration) => (_bundle, _root, _configuration) = (bundle, root, configuration);

    /// <summary>Variables and mounts of this container.</summary>
    JsonArray Variables => _configuration["process"]!["env"]!.AsArray();

    JsonArray Mounts => _configuration["mounts"]!.AsArray();

    /// <summary>A container whose files are a folder's.</summary>
    /// <param name="bundle">An empty folder for it.</param>
    /// <param name="root">The files; null for none.</param>
    /// <param name="hasSystem">Whether the system's programs, libraries and .NET are mounted, as an image of .NET has them.</param>
    public static async Task<Container> Make(string bundle, string? root = null, bool hasSystem = true)
    {
        Command.Find("runc");
        Directory.CreateDirectory(bundle);
        await Command.Run("runc", "spec", "--bundle", bundle);
        var configuration = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(bundle, "config.json")))!;
        var process = configuration["process"]!;
        process["terminal"] = false;
        process["user"] = new JsonObject { ["uid"] = User, ["gid"] = User };
        process["capabilities"] = new JsonObject();
        process["noNewPrivileges"] = true;
        process["env"] = new JsonArray();
        configuration["root"] = new JsonObject { ["path"] = root ?? Files, ["readonly"] = true };
        var linux = configuration["linux"]!;
        linux["resources"] = new JsonObject { ["memory"] = new JsonObject { ["limit"] = 128 << 20 } };
        linux["namespaces"] = new JsonArray([.. ((string[])["pid", "ipc", "uts", "mount"]).Select(kind => new JsonObject { ["type"] = kind })]);
        linux["seccomp"] = AllowedSystemCalls();
        var container = new Container(bundle, root ?? Path.Combine(bundle, Files), configuration);
        if (hasSystem)
            container.UseSystem();
        return container;
    }

    /// <summary>Sets a variable.</summary>
    public Container With(string name, string value)
    {
        foreach (var before in Variables.Where(variable => ((string)variable!).StartsWith(name + "=", StringComparison.Ordinal)).ToList())
            Variables.Remove(before);
        Variables.Add($"{name}={value}");
        return this;
    }

    /// <summary>Mounts a folder of this machine.</summary>
    public Container Mount(string at, string folder, bool isWritable = false)
    {
        Directory.CreateDirectory(Path.Combine(_root, at.TrimStart('/')));
        Mounts.Add(new JsonObject { ["destination"] = at, ["type"] = "bind", ["source"] = folder, ["options"] = new JsonArray("rbind", isWritable ? "rw" : "ro") });
        return this;
    }

    /// <summary>Makes a folder that anybody may write to, as an emptyDir volume is.</summary>
    /// <returns>The folder.</returns>
    public static string Writable(string folder)
    {
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, (UnixFileMode)0x1FF); // rwxrwxrwx
        return folder;
    }

    /// <summary>Starts a test app in it, traced by an agent that is mounted.</summary>
    public Task<TracedApp> StartApp(string name)
    {
        Mount("/app", Path.GetDirectoryName(Places.TestApp(name))!);
        return TracedApp.Start(collector => Start(AppCommand(name), collector));
    }

    /// <summary>How a test app in /app is started.</summary>
    public static string[] AppCommand(string name) => ["/dotnet/dotnet", $"/app/{name}.dll", "--urls", "http://127.0.0.1:0"];

    /// <summary>Starts a program in it.</summary>
    public TestApp Start(params string[] command) => TestApp.Start(Start(command, null));

    /// <summary>Runs a program in it to its end.</summary>
    public async Task<EndedApp> Run(params string[] command)
    {
        await using var app = TestApp.Start(Start(command, null));
        return await app.End();
    }

    ProcessStartInfo Start(string[] command, Uri? collector)
    {
        if (collector is not null)
            With("OTEL_EXPORTER_OTLP_ENDPOINT", collector.ToString());
        _configuration["process"]!["args"] = new JsonArray([.. command.Select(word => JsonValue.Create(word))]);
        File.WriteAllText(Path.Combine(_bundle, "config.json"), _configuration.ToJsonString());
        return new(Command.Find("runc"), ["run", "--bundle", _bundle, _id]);
    }

    void UseSystem()
    {
        foreach (var folder in (string[])["proc", "dev", "sys", "tmp", "etc"])
            Directory.CreateDirectory(Path.Combine(_root, folder));
        foreach (var folder in (string[])["lib", "lib64", "bin"])
        {
            if (Directory.Exists($"/usr/{folder}") && !Path.Exists(Path.Combine(_root, folder)))
                File.CreateSymbolicLink(Path.Combine(_root, folder), $"usr/{folder}");
        }

        Mount("/usr", "/usr");
        Mount("/dotnet", Path.GetDirectoryName(Environment.ProcessPath)!);
        if (Environment.GetEnvironmentVariable("DOTNET_ROLL_FORWARD") is { } rollForward)
            With("DOTNET_ROLL_FORWARD", rollForward);
    }

    /// <summary>The profile's rules for a process without capabilities on this architecture, in the form that runc reads.</summary>
    static JsonObject AllowedSystemCalls()
    {
        if (!File.Exists(SystemCalls))
            Assert.Inconclusive($"There is no {SystemCalls} (Debian: apt-get install golang-github-containers-common).");
        var profile = JsonNode.Parse(File.ReadAllText(SystemCalls))!;
        var rules = new JsonArray();
        foreach (var rule in profile["syscalls"]!.AsArray())
        {
            var needed = rule!["includes"]!;
            var isMeant = needed["caps"] is null && (needed["arches"] is not JsonArray architectures || architectures.Any(architecture => (string)architecture! == Image.Architecture));
            var isExcepted = rule["excludes"]?["arches"] is JsonArray excepted && excepted.Any(architecture => (string)architecture! == Image.Architecture);
            if (!isMeant || isExcepted)
                continue;
            var runcRule = new JsonObject { ["names"] = rule["names"]!.DeepClone(), ["action"] = (string)rule["action"]! };
            if (rule["args"] is JsonArray { Count: > 0 } arguments)
                runcRule["args"] = arguments.DeepClone();
            if (rule["errnoRet"] is { } error)
                runcRule["errnoRet"] = error.DeepClone();
            rules.Add(runcRule);
        }

        return new JsonObject { ["defaultAction"] = (string)profile["defaultAction"]!, ["defaultErrnoRet"] = (int)profile["defaultErrnoRet"]!, ["syscalls"] = rules };
    }
}
