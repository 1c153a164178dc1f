using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;

namespace Agent.IntegrationTests.RealWorld;

/// <summary>
/// No answer changes. Behind filters the framework writes what a handler returns as an object, without them as the handler's own type, and it decides by
/// whether there is a filter at all: so the agent must not be one. Every kind of handler is asked with and without the agent, and what a handler throws is
/// answered with all its frames.
/// </summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed partial class AnswersTests
{
    [TestMethod]
    [DataRow("plain")]
    [DataRow("factory")]
    [DataRow("filter")]
    public Task Minimal_apis(string group) => MinimalApis("Answers", group);

    /// <summary>AddValidation asks every handler whether its parameters want a filter.</summary>
    [TestMethod]
    [TestCategory("OnNet10")]
    [DataRow("plain")]
    [DataRow("factory")]
    [DataRow("filter")]
    public Task Minimal_apis_with_validation(string group) => MinimalApis("AnswersValidated", group);

    static async Task MinimalApis(string name, string group)
    {
        await using var collector = await Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var (without, with) = await Both(name, collector, async client =>
        {
            var answers = new List<string>();
            foreach (var path in (await client.GetFromJsonAsync<string[]>("/paths"))!)
                answers.Add(await Answer(client, new(HttpMethod.Get, $"/{group}/{path}")));
            foreach (var path in (string[])["bind/query?number=4&text=four", "bind/query?number=four", "bind/parameters?page=2", "bind/parameters?page=x", "bind/array?numbers=1&numbers=2", "bind/custom?degrees=21.5", "result/union?found=false"])
                answers.Add(await Answer(client, new(HttpMethod.Get, $"/{group}/{path}")));
            answers.Add(await Answer(client, new(HttpMethod.Get, $"/{group}/bind/header") { Headers = { { "X-Number", "7" } } }));
            answers.Add(await Answer(client, new(HttpMethod.Head, $"/{group}/text")));
            answers.Add(await Answer(client, new(HttpMethod.Delete, $"/{group}/text")));
            foreach (var body in (string[])["""{"quantity":2,"note":"n"}""", """{"quantity":99}""", "{", "null", ""])
            {
                answers.Add(await Answer(client, new(HttpMethod.Post, $"/{group}/body") { Content = Json(body) }));
                answers.Add(await Answer(client, new(HttpMethod.Post, $"/{group}/body/optional") { Content = Json(body) }));
            }
            answers.Add(await Answer(client, new(HttpMethod.Post, $"/{group}/body") { Content = new StringContent("text") }));
            foreach (var form in (string[])["form", "form/checked"])
            {
                answers.Add(await Answer(client, new(HttpMethod.Post, $"/{group}/{form}") { Content = new FormUrlEncodedContent([new("quantity", "2"), new("note", "n")]) }));
                answers.Add(await Answer(client, new(HttpMethod.Post, $"/{group}/{form}") { Content = new FormUrlEncodedContent([new("quantity", "two")]) }));
            }
            using var files = new MultipartFormDataContent("boundary") { { new StringContent("content"), "file", "name.txt" } };
            answers.Add(await Answer(client, new(HttpMethod.Post, $"/{group}/files") { Content = files }));
            answers.Add(await Answer(client, new(HttpMethod.Post, $"/{group}/echo") { Content = new StringContent("echo") }));
            return answers;
        });
        Assert.AreEqual(string.Join('\n', without), string.Join('\n', with));
        Assert.IsGreaterThan(90, without.Count);
        Assert.IsTrue(collector.Spans.Any(span => span.Name == $"endpoint /{group}/circle"), "the agent was there");
        Assert.AreEqual(group == "filter", collector.Spans.Any(span => span.Name == $"handler /{group}/circle"), "only behind a filter does a handler have a span of its own");
        if (group != "filter")
            Assert.AreEqual("load", collector.Spans.Single(span => span.Name == $"endpoint /{group}/circle").Attributes["dispatch.kind"]);
    }

    [TestMethod]
    [DataRow("application/json")]
    [DataRow("application/xml")]
    [DataRow("text/plain")]
    [DataRow("image/png")]
    public async Task Formatters_of_mvc(string accept)
    {
        await using var collector = await Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var (without, with) = await Both("Answers", collector, async client =>
        {
            client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
            var answers = new List<string>();
            foreach (var path in (string[])["letter", "letter/result", "letter/null", "text", "object", "task", "valuetask", "stream", "void", "throws"])
                answers.Add(await Answer(client, new(HttpMethod.Get, $"/mvc/{path}")));
            foreach (var body in (string[])["""{"text":"t"}""", "{", ""])
                answers.Add(await Answer(client, new(HttpMethod.Post, "/mvc/letter") { Content = Json(body) }));
            return answers;
        });
        Assert.AreEqual(string.Join('\n', without), string.Join('\n', with));
        Assert.IsTrue(collector.Spans.Any(span => span.Name == "action Answers.GetLetter"), "the agent was there");
    }

    /// <summary>What a client sends wrong is no error of the server, whoever turns it into an answer: the framework does it differently in development.</summary>
    [TestMethod]
    [DataRow("Production")]
    [DataRow("Development")]
    public async Task A_4xx_is_no_error(string environment)
    {
        await using var app = await TracedApp.Start("Answers", ("Catch", "no"), ("ASPNETCORE_ENVIRONMENT", environment));
        foreach (var (path, content, status) in ((string, HttpContent, HttpStatusCode)[])
        [
            ("plain/echo", new StringContent(new string('x', 20_000)), HttpStatusCode.RequestEntityTooLarge),
            ("plain/body", Json("{"), HttpStatusCode.BadRequest),
        ])
        {
            using var response = await app.Client.PostAsync(new Uri(path, UriKind.Relative), content);
            Assert.AreEqual(status, response.StatusCode);
        }
        var (traces, _) = await app.Stop();
        CollectionAssert.AreEqual(new[] { "endpoint /plain/echo known_error", "endpoint /plain/body failure" },
            traces.Select(trace => trace.Nodes.Single(node => node.Span.Name.StartsWith("endpoint", StringComparison.Ordinal)).Span).Select(span => $"{span.Name} {span.Attributes["dispatch.result.type"]}").ToArray());
        foreach (var span in traces.SelectMany(trace => trace.Nodes).Select(node => node.Span))
        {
            Assert.AreEqual(Viewer.SpanStatusCode.Unset, span.StatusCode, span.Name);
            Assert.IsEmpty(span.Events, span.Name);
        }
    }

    /// <summary>The app's answers, its output and its end without the agent, and with it.</summary>
    static async Task<(List<string> Without, List<string> With)> Both(string name, Viewer.OtlpReceiver collector, Func<HttpClient, Task<List<string>>> ask)
    {
        var port = TestApp.FreePort();
        var results = new List<List<string>>();
        foreach (var environment in ((string, string?)[][])[[], [("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString())]])
        {
            await using var app = TestApp.Start(name, ["--urls", $"http://127.0.0.1:{port}"], environment);
            using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = await app.Listening };
            var answers = await ask(client);
            var ended = await app.Stop();
            results.Add([.. answers, ended.Output, $"exit code {ended.ExitCode}"]);
        }
        return (results[0], results[1]);
    }

    static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    static async Task<string> Answer(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            var answer = new StringBuilder($"{request.Method} {request.RequestUri}: ");
            try
            {
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                answer.Append($"{(int)response.StatusCode} ");
                foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date").OrderBy(header => header.Key, StringComparer.Ordinal))
                    answer.Append($"{name}: {string.Join(", ", values)}; ");
                answer.Append(TraceId().Replace(await response.Content.ReadAsStringAsync(), "TRACE"));
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                answer.Append($"no whole answer: {e.GetType().Name}");
            }
            return answer.ToString();
        }
    }

    /// <summary>Problem details have the request's.</summary>
    [GeneratedRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")]
    private static partial Regex TraceId();
}
