using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using Agent.IntegrationTests.CommandLine;

namespace Agent.IntegrationTests.Deployment;

/// <summary>The agent as a package that a project references: what `./build.sh pack` makes, in the shapes in which apps are deployed, with no variable set.</summary>
[TestClass]
[TestCategory("OnNet10")]
public sealed class PackageReferenceTests
{
    static string s_folder = "";

    /// <summary>A project as a user has it, outside of this repository; in the configuration Preview it is traced.</summary>
    [ClassInitialize]
    public static async Task MakeProject(TestContext _)
    {
        s_folder = Directory.CreateTempSubdirectory("agent package ").FullName;
        await File.WriteAllTextAsync(Path.Combine(s_folder, "Kiosk.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestoreAdditionalProjectSources>$(MSBuildProjectDirectory)/packages</RestoreAdditionalProjectSources>
              </PropertyGroup>
              <ItemGroup Condition="'$(Configuration)' == 'Preview'">
                <PackageReference Include="Agent.StartupHook" Version="0.1.0" />
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(s_folder, "Program.cs"),
            """
            var app = WebApplication.Create(args);
            app.MapGet("/hello/{name}", (string name) => $"Hello {name}");
            app.Run();
            """);
        var project = Path.Combine(Places.Root, "build", "package", "Package.csproj");
        await Dotnet("pack", project, "-c", "Release", $"-p:PackedAgent={Places.Agent}", $"-p:ArtifactsPath={Path.Combine(Places.Artifacts, "published", "artifacts", "package")}", "-o", Path.Combine(s_folder, "packages"));
    }

    [ClassCleanup]
    public static void Delete() => Directory.Delete(s_folder, recursive: true);

    [TestMethod]
    [DataRow("framework-dependent")]
    [DataRow("one system", "-r", "RID", "--self-contained", "false")]
    [DataRow("self-contained", "-r", "RID", "--self-contained")]
    [DataRow("single file", "-r", "RID", "--self-contained", "-p:PublishSingleFile=true")]
    public async Task Published(string shape, params string[] options)
    {
        var output = Path.Combine(s_folder, shape);
        await Dotnet(["publish", "Kiosk.csproj", "-c", "Preview", "-o", output, .. options.Select(static option => option == "RID" ? RuntimeInformation.RuntimeIdentifier : option)]);
        await IsTraced(new ProcessStartInfo(Path.Combine(output, "Kiosk")) { WorkingDirectory = "/" });
        var otherSystem = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "linux-arm64" : "linux-x64";
        Assert.AreEqual(options.Length == 0, Directory.Exists(Path.Combine(output, "agent", "native", otherSystem)), "only what its system needs");
        await IsTraced(new ProcessStartInfo(Tool.Path, ["run", "--", Path.Combine(output, "Kiosk")]));
        await IsKnownToCheck(output);
    }

    /// <summary>What `agent check` says of it as it is, with the agent in the variable, too, and without the folder.</summary>
    static async Task IsKnownToCheck(string app)
    {
        Assert.AreEqual("brings-agent note It brings the agent itself, by the package Agent.StartupHook: DOTNET_STARTUP_HOOKS is not needed.", await Checked(null));
        Assert.AreEqual($"hook-twice warning DOTNET_STARTUP_HOOKS names the agent ({Places.Hook}), and the app brings it: the first of the two that runs stays.", await Checked(Places.Hook));
        var folder = Path.Combine(app, "agent");
        Directory.Move(folder, folder + ".away");
        Assert.AreEqual($"other-build blocks It has the agent's hook, from the package Agent.StartupHook, and not the folder that belongs to it ({folder} is missing).", await Checked(null));

        async Task<string> Checked(string? hooks)
        {
            var answer = await Tool.Check([("DOTNET_STARTUP_HOOKS", hooks), ("OTEL_TRACES_EXPORTER", "console")], app);
            var findings = answer.Document["findings"]!.AsArray().Where(finding => hooks is null || (string?)finding!["reason"] != "brings-agent");
            return string.Join('\n', findings.Select(static finding => $"{finding!["reason"]} {finding["gravity"]} {finding["sentence"]}"));
        }
    }

    /// <summary>A cluster sets the variable for every app, and this one brings an agent: the same, or another build of it.</summary>
    [TestMethod]
    public async Task With_the_variable_too()
    {
        var output = Path.Combine(s_folder, "twice");
        await Dotnet("publish", "Kiosk.csproj", "-c", "Preview", "-o", output);
        await IsTraced(new ProcessStartInfo(Path.Combine(output, "Kiosk")), Places.Hook, "already started in this process; the hook is named twice, in DOTNET_STARTUP_HOOKS or there and in the app's runtimeconfig.json.");
        MakeAnotherBuild(Path.Combine(output, "agent", "net10.0", Places.System, "Agent.Entry.dll"));
        const string twice = "already started in this process, as another build; the hook is named twice, in DOTNET_STARTUP_HOOKS and in the app's runtimeconfig.json.";
        await IsTraced(new ProcessStartInfo(Path.Combine(output, "Kiosk")), Places.Hook, twice);
        await IsTraced(new ProcessStartInfo(Tool.Path, ["run", "--set", $"DOTNET_STARTUP_HOOKS={Places.Hook}", "--", Path.Combine(output, "Kiosk")]), alsoSaid: twice); // what the user says counts
    }

    /// <summary>Changes what the runtime tells two builds of an assembly apart by.</summary>
    static void MakeAnotherBuild(string assembly)
    {
        var content = File.ReadAllBytes(assembly);
        using (var reader = new PEReader(new MemoryStream(content)))
        {
            var metadata = reader.GetMetadataReader();
            var own = metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
            Assert.IsTrue(Guid.NewGuid().TryWriteBytes(content.AsSpan(content.AsSpan().IndexOf(own.ToByteArray()))));
        }
        File.WriteAllBytes(assembly, content);
    }

    [TestMethod]
    public Task Run() => IsTraced(new ProcessStartInfo("dotnet", ["run", "-c", "Preview", "--"]) { WorkingDirectory = s_folder });

    [TestMethod]
    public async Task Not_in_another_configuration()
    {
        var output = Path.Combine(s_folder, "release");
        await Dotnet("publish", "Kiosk.csproj", "-c", "Release", "-o", output);
        Assert.IsFalse(Directory.Exists(Path.Combine(output, "agent")));
        await using var app = TestApp.Start(new ProcessStartInfo(Path.Combine(output, "Kiosk"), ["--urls", "http://127.0.0.1:0"]));
        await app.Listening;
        Assert.AreEqual("", (await app.Stop()).Error);
    }

    static async Task IsTraced(ProcessStartInfo start, string? hooks = null, string? alsoSaid = null)
    {
        await using var app = await TracedApp.Start(start, [.. DotnetCommand.NoServers, ("NUGET_PACKAGES", Path.Combine(s_folder, "cache")), ("DOTNET_STARTUP_HOOKS", hooks)]);
        Assert.AreEqual("Hello Ada", await app.Client.GetStringAsync(new Uri("/hello/Ada", UriKind.Relative)));
        var (traces, ended) = await app.Stop();
        CollectionAssert.AreEquivalent(new[] { "tracing Kiosk (", alsoSaid }.OfType<string>().ToArray(),
            ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Replace("Agent 0.1.0: ", "", StringComparison.Ordinal)).Select(static line => line.StartsWith("tracing Kiosk (", StringComparison.Ordinal) ? "tracing Kiosk (" : line).ToArray());
        Assert.AreEqual("GET /hello/{name} > endpoint /hello/{name}", string.Join(" > ", traces.Single().Nodes.Select(node => node.Span.Name)));
    }

    static Task Dotnet(params string[] command) =>
        DotnetCommand.Succeed(s_folder, [.. command, "-nologo", "-v", "quiet"], ("NUGET_PACKAGES", command[0] == "pack" ? null : Path.Combine(s_folder, "cache")));
}
