using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Agent.IntegrationTests;

/// <summary>A test app in a shape in which apps are deployed: published when it is asked for the first time, into artifacts/published.</summary>
/// <param name="project">The test app.</param>
/// <param name="shape">The folder's name.</param>
/// <param name="compiled">Where it is compiled; shapes that share this are compiled once, those that change how the compiler or the trimmer works cannot.</param>
/// <param name="options">What makes the shape.</param>
sealed class PublishedApp(string project, string shape, string compiled, params string[] options)
{
    Task? _published;

    static string Folder => Path.Combine(Places.Artifacts, "published");

    /// <summary>How the app is started; framework-dependent ones find the framework that runs the tests.</summary>
    public async Task<ProcessStartInfo> Start()
    {
        await (_published ??= Publish());
        var start = new ProcessStartInfo(Path.Combine(Folder, shape, project));
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        return start;
    }

    async Task Publish()
    {
        var file = Path.Combine(Path.GetDirectoryName(Places.Snapshots)!, "../../testapps", project, $"{project}.csproj");
        var output = Path.Combine(Folder, shape);
        if (Directory.Exists(output)) // a single file that is up to date is not made again, and what belongs beside it is then taken for a leftover and deleted
            Directory.Delete(output, recursive: true);
        await DotnetCommand.Succeed(Path.GetDirectoryName(file)!,
        [
            "publish", file, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", output, $"-p:ArtifactsPath={Path.Combine(Folder, "artifacts", compiled)}",
            "--nologo", "-v", "quiet", "-tl:off", "-clp:NoSummary", .. options,
        ]);
    }
}
