using System.Diagnostics;
using System.Net;

namespace Agent.IntegrationTests.CommandLine;

/// <summary>`agent view`, as published.</summary>
[TestClass]
public sealed class ViewTests(TestContext context)
{
    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public async Task An_app_that_runs_beside_it_is_seen_on_its_pages_and_by_Jaegers_api()
    {
        using var viewer = Process.Start(new ProcessStartInfo(Tool.Path, ["view", "--port", "0", "--http-port", "0", "--grpc-port", "0", "--tree", "--width", "100"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var otlp = (await viewer.StandardOutput.ReadLineAsync(context.CancellationToken))!.Split(' ')[4];
            var pages = (await viewer.StandardOutput.ReadLineAsync(context.CancellationToken))!.Split(' ')[1];
            await using var app = TestApp.Start(new ProcessStartInfo(Tool.Path, ["run", "--otlp", otlp, "--", "dotnet", Places.TestApp("Kiosk"), "--urls", "http://127.0.0.1:0"]));
            using (var asking = new HttpClient { BaseAddress = await app.Listening })
                await asking.GetStringAsync(new Uri("/papers/Echo", UriKind.Relative), context.CancellationToken);
            await app.Stop();

            using var client = new HttpClient { BaseAddress = new Uri(pages) };
            var list = await client.GetStringAsync(new Uri("/?q=http.route%3D/papers/*", UriKind.Relative), context.CancellationToken);
            var services = await client.GetStringAsync(new Uri("/api/services", UriKind.Relative), context.CancellationToken);
            using var foreign = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative)) { Headers = { Host = "evil.example" } };
            using var refused = await client.SendAsync(foreign, context.CancellationToken);

            Assert.Contains("GET /papers/{name}", WebUtility.HtmlDecode(list));
            Assert.Contains("\"Kiosk\"", services);
            Assert.AreEqual(HttpStatusCode.MisdirectedRequest, refused.StatusCode);
            using (var interrupt = Process.Start("kill", ["-INT", $"{viewer.Id}"]))
                await interrupt.WaitForExitAsync(context.CancellationToken);
            Assert.Contains("● Kiosk", await viewer.StandardOutput.ReadToEndAsync(context.CancellationToken));
            await viewer.WaitForExitAsync(context.CancellationToken);
            Assert.AreEqual((0, ""), (viewer.ExitCode, await viewer.StandardError.ReadToEndAsync(context.CancellationToken)));
        }
        finally
        {
            if (!viewer.HasExited)
                viewer.Kill();
        }
    }

    [TestMethod]
    public async Task What_it_does_not_understand_is_said_and_ends_with_2()
    {
        var unknown = await Tool.Run("view", "--prot", "1");
        Assert.AreEqual(2, unknown.ExitCode);
        Assert.Contains("'--prot'", unknown.Error);
        var wrong = await Tool.Run("view", "--memory", "much");
        Assert.AreEqual((2, "--memory needs a size of at least 16MiB, such as 512MiB or 2GiB, not 'much'.\n"), (wrong.ExitCode, wrong.Error));
        var open = await Tool.Run("view", "--listen", "any");
        Assert.AreEqual((2, "--listen 0.0.0.0 lets other machines read traces and send some; it needs --token, or AGENT_VIEWER_TOKEN in the environment.\n"), (open.ExitCode, open.Error));
    }

    [TestMethod]
    public async Task Its_help_has_every_option_of_the_viewer()
    {
        var help = await Tool.Do("view", "--help");
        using var output = new StringWriter();
        Assert.AreEqual(0, await Viewer.Program.RunAsync(["--help"], output, output, context.CancellationToken));

        var options = output.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith("--", StringComparison.Ordinal)).Select(word => word.TrimEnd(',', ';')).Distinct().ToList();
        Assert.IsGreaterThan(12, options.Count);
        foreach (var option in options.Except(["--until-input-ends", "--version"]))
            Assert.Contains(option, help);
    }
}
