using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Agent.IntegrationTests.Deployment;

/// <summary>The agent as a package that a project references: what `./build.sh pack` makes, in the shapes in which apps are deployed, with no variable set.</summary>
[TestClass]
[TestCategory("OnNet10")]
public sealed class PackageReferenceTests
{
    static readonly (string, string?)[] NoServers = [("MSBUILDDISABLENODEREUSE", "1"), ("UseSharedCompilation", "false")];

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

    static async Task IsTraced(ProcessStartInfo start)
    {
        await using var app = await TracedApp.Start(start, [.. NoServers, ("NUGET_PACKAGES", Path.Combine(s_folder, "cache")), ("DOTNET_STARTUP_HOOKS", null)]);
        Assert.AreEqual("Hello Ada", await app.Client.GetStringAsync(new Uri("/hello/Ada", UriKind.Relative)));
        var (traces, ended) = await app.Stop();
        StringAssert.Contains(ended.Error, "Agent 0.1.0: tracing Kiosk (");
        Assert.AreEqual("GET /hello/{name} > endpoint /hello/{name}", string.Join(" > ", traces.Single().Nodes.Select(node => node.Span.Name)));
    }

    static async Task Dotnet(params string[] command)
    {
        await using var dotnet = TestApp.Start(new ProcessStartInfo("dotnet", [.. command, "-nologo", "-v", "quiet"]) { WorkingDirectory = s_folder },
            [.. NoServers, ("NUGET_PACKAGES", command[0] == "pack" ? null : Path.Combine(s_folder, "cache"))]);
        var ended = await dotnet.End();
        if (ended.ExitCode != 0 && ended.Output.Contains("error NU", StringComparison.Ordinal))
            Assert.Inconclusive($"what it needs could not be had: {ended.Output}");
        Assert.AreEqual(0, ended.ExitCode, ended.Output + ended.Error);
    }
}
