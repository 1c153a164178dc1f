using System.Diagnostics;
using System.Text;
using Agent.IntegrationTests.CommandLine;

namespace Agent.IntegrationTests;

/// <summary>Apps in every shape in which they are deployed: traced as ever, or as if the agent were not there.</summary>
[TestClass]
[TestCategory("OnNet10")]
public sealed class PublishedAppTests
{
    static readonly Dictionary<string, PublishedApp> Shapes = new()
    {
        ["framework-dependent"] = Storefront("framework-dependent", "--no-self-contained"),
        ["ReadyToRun"] = Storefront("ready-to-run", "--no-self-contained", "-p:PublishReadyToRun=true"),
        ["composite ReadyToRun"] = Composite("composite"),
        ["composite ReadyToRun, single-file"] = Composite("composite-single-file", "-p:PublishSingleFile=true"),
        ["self-contained"] = Storefront("self-contained", "--self-contained"),
        ["single-file"] = Storefront("single-file", "--no-self-contained", "-p:PublishSingleFile=true"),
        ["single-file, self-contained"] = Storefront("single-file-self-contained", "--self-contained", "-p:PublishSingleFile=true"),
        ["trimmed"] = Kiosk("trimmed", "--self-contained", "-p:PublishTrimmed=true"),
        ["native"] = Kiosk("native", "-p:PublishAot=true", $"-p:CppCompilerAndLinker={Compiler ?? "gcc"}"),
        [".NET 8"] = Kiosk("net8.0", "--self-contained", "-p:KioskFramework=net8.0"),
        [".NET 9"] = Kiosk("net9.0", "--self-contained", "-p:KioskFramework=net9.0"),
    };

    static string? Compiler => Array.Find(["clang", "gcc"], name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name))));

    [TestMethod]
    [DataRow("framework-dependent")]
    [DataRow("ReadyToRun")]
    [DataRow("composite ReadyToRun")]
    [DataRow("composite ReadyToRun, single-file")]
    [DataRow("self-contained")]
    [DataRow("single-file")]
    [DataRow("single-file, self-contained")]
    public async Task Traced(string shape)
    {
        await using var shop = await TracedApp.Start(await Shapes[shape].Start());
        await shop.Client.GetStringAsync(new Uri("/Products/1", UriKind.Relative));
        using var form = await IntegrationTests.Storefront.Post(shop.Client, "/Order", IntegrationTests.Storefront.Order(await IntegrationTests.Storefront.OpenOrderForm(shop.Client), 2));
        var (traces, ended) = await shop.Stop();
        Assert.AreEqual(0, ended.ExitCode);
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
        Snapshot.Matches(traces);
        await Foretold(shape, reason: null);
    }

    /// <summary>Of what is in a single file nothing tells, so libraries whose sources cost something are listened to there as well.</summary>
    [TestMethod]
    [DataRow("single-file")]
    [DataRow("single-file, self-contained")]
    public async Task Libraries_that_a_single_file_may_have(string shape)
    {
        await using var shop = await TracedApp.Start(await Shapes[shape].Start(), ("OTEL_LOG_LEVEL", "debug"));
        var (_, ended) = await shop.Stop();
        StringAssert.Contains(ended.Error, "\"Azure.*\"");
    }

    [TestMethod]
    [DataRow("trimmed", "", "hooks-switched-off")]
    [DataRow("native", "", "native-aot")]
    [DataRow(".NET 8", "Agent 0.1.0: stepping aside: this process runs on .NET 8.", "old-runtime")]
    [DataRow(".NET 9", "Agent 0.1.0: stepping aside: this process runs on .NET 9.", "old-runtime")]
    public async Task Left_alone(string shape, string said, string reason)
    {
        if (shape == "native" && Compiler is null)
            Assert.Inconclusive("neither clang nor gcc is installed, and the app has to be linked");
        var port = TestApp.FreePort();
        var without = await Run(await Shapes[shape].Start(), port, ("DOTNET_STARTUP_HOOKS", null));
        var with = await Run(await Shapes[shape].Start(), port, ("DOTNET_STARTUP_HOOKS", Places.Hook));
        Assert.AreEqual((without.Responses, without.App.Output, 3), (with.Responses, with.App.Output, with.App.ExitCode));
        Assert.AreEqual("", without.App.Error);
        StringAssert.StartsWith(with.App.Error, said);
        Assert.HasCount(said.Length > 0 ? 1 : 0, with.App.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), with.App.Error);
        await Foretold(shape, reason);
    }

    /// <summary>What `agent check` says of the app before it is started.</summary>
    static async Task Foretold(string shape, string? reason)
    {
        var answer = await Tool.Check([("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_TRACES_EXPORTER", "console")], (await Shapes[shape].Start()).FileName);
        CollectionAssert.AreEqual(reason is null ? (string[])[] : [reason], answer.Reasons, answer.Document.ToString());
        Assert.AreEqual(reason is null, answer.IsTraced);
    }

    /// <summary>These differ in how one compilation is put together.</summary>
    static PublishedApp Storefront(string shape, params string[] options) => new("Storefront", shape, "Storefront", options);

    static PublishedApp Composite(string shape, params string[] options) => new("Storefront", shape, shape,
        ["--self-contained", "-p:PublishReadyToRun=true", "-p:PublishReadyToRunComposite=true", "-p:ErrorOnDuplicatePublishOutputFiles=false",
            $"-p:CustomAfterMicrosoftCommonTargets={Path.Combine(Path.GetDirectoryName(Places.Snapshots)!, "Composite.targets")}", .. options]);

    static PublishedApp Kiosk(string shape, params string[] options) => new("Kiosk", shape, shape, options);

    static async Task<(string Responses, EndedApp App)> Run(ProcessStartInfo start, int port, (string, string?) hook)
    {
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add($"http://127.0.0.1:{port}");
        await using var app = TestApp.Start(start, hook, ("Logging__LogLevel__Microsoft.AspNetCore", "Warning")); // without times
        using var client = new HttpClient { BaseAddress = await app.Listening };
        var responses = new StringBuilder();
        foreach (var path in (string[])["/papers/Bild", "/papers/Frankfurter", "/missing"])
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
            responses.AppendLine($"{path} {(int)response.StatusCode}");
            foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date"))
                responses.AppendLine($"{name}: {string.Join(", ", values)}");
            responses.AppendLine(await response.Content.ReadAsStringAsync());
        }
        return (responses.ToString(), await app.Stop());
    }
}
