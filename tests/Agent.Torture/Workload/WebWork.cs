using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.SignalR;

namespace Agent.Torture.Workload;

/// <summary>A whole ASP.NET Core app on Kestrel, started anew each time: minimal APIs, a controller, a Razor page, a hub, and wrong requests.</summary>
static class WebWork
{
    public static async Task Run(Transcript to)
    {
        to.Section("web");
        await using var app = Build();
        await app.StartAsync();
        var address = new Uri(app.Urls.Single());
        using (var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address })
            await SendAll(to, client);
        await Hub(to, new UriBuilder(address) { Scheme = "ws", Path = "/hub" }.Uri);
        await app.StopAsync();
    }

    static WebApplication Build()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "Agent.Torture", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddControllers();
        builder.Services.AddRazorPages();
        builder.Services.AddSignalR();
        builder.Services.AddProblemDetails();
        builder.Services.AddOutputCache();
        builder.Services.AddResponseCompression(options => options.MimeTypes = ["text/plain"]);
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddAuthentication().AddCookie();
        builder.Services.AddAuthorization();
        builder.Services.AddHealthChecks();
        builder.Services.AddKeyedSingleton("answer", new StringBuilder("42"));

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseResponseCompression();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseOutputCache();
        app.UseWebSockets();
        app.Use(async (context, next) =>
        {
            context.Response.Headers.Append("X-Seen", context.Request.Method);
            await next(context);
        });
        app.MapGet("/", () => "hello");
        app.MapGet("/items/{id:int}", (int id, string? q) => Results.Json(new { id, q }));
        app.MapPost("/items", (WebItem item) => Results.Created($"/items/{item.Id}", item));
        app.MapPost("/form", ([FromForm] string name, [FromForm] int[] numbers) => $"{name} {numbers.Sum()}").DisableAntiforgery();
        app.MapGet("/service", ([FromKeyedServices("answer")] StringBuilder answer) => answer.ToString());
        app.MapGet("/stream", () => Numbers());
        app.MapGet("/long", () => new string('x', 50_000)).CacheOutput();
        app.MapGet("/boom", string () => throw new InvalidOperationException("boom"));
        app.MapGet("/secret", () => "secret").RequireAuthorization();
        app.MapPut("/upload", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            return (await reader.ReadToEndAsync()).Length;
        });
        var group = app.MapGroup("/group").AddEndpointFilter(async (context, next) => $"<{await next(context)}>");
        group.MapGet("/{name}", (string name) => name.ToUpperInvariant());
        app.MapHealthChecks("/health");
        app.MapControllers();
        app.MapRazorPages();
        app.MapHub<WebHub>("/hub");
        return app;
    }

    static async IAsyncEnumerable<int> Numbers()
    {
        for (var number = 0; number < 5; number++)
        {
            await Task.Yield();
            yield return number;
        }
    }

    static async Task SendAll(Transcript to, HttpClient client)
    {
        foreach (var path in (string[])["/", "/items/7?q=ä%20b", "/items/x", "/service", "/stream", "/long", "/long", "/boom", "/secret", "/group/ada", "/health", "/missing",
            "/api/books/3?title=T%C3%A9", "/api/books/99", "/api/books/0", "/api/books", "/page?name=Ada", "/page/missing"])
            await Send(to, client, new HttpRequestMessage(HttpMethod.Get, path));
        await Send(to, client, new HttpRequestMessage(HttpMethod.Post, "/items") { Content = JsonContent.Create(new WebItem(5, "five")) });
        await Send(to, client, new HttpRequestMessage(HttpMethod.Post, "/items") { Content = new StringContent("{ bad", Encoding.UTF8, "application/json") });
        await Send(to, client, new HttpRequestMessage(HttpMethod.Post, "/items") { Content = new StringContent("text") });
        await Send(to, client, new HttpRequestMessage(HttpMethod.Post, "/form") { Content = new FormUrlEncodedContent([new("name", "Ada"), new("numbers", "1"), new("numbers", "2")]) });
        using var parts = new MultipartFormDataContent { { new StringContent("Grace"), "name" }, { new StringContent("40"), "numbers" } };
        await Send(to, client, new HttpRequestMessage(HttpMethod.Post, "/form") { Content = parts });
        await Send(to, client, new HttpRequestMessage(HttpMethod.Post, "/api/books") { Content = JsonContent.Create(new { id = 1, title = "" }) });
        await Send(to, client, new HttpRequestMessage(HttpMethod.Post, "/api/books") { Content = JsonContent.Create(new { id = 1, title = "good" }) });
        await Send(to, client, new HttpRequestMessage(HttpMethod.Put, "/upload") { Content = new StreamContent(new MemoryStream(new byte[200_000])), Headers = { TransferEncodingChunked = true } });
        await Send(to, client, new HttpRequestMessage(HttpMethod.Delete, "/items/7"));
        await Send(to, client, new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { AcceptEncoding = { new StringWithQualityHeaderValue("gzip") } } });
        await to.ThrowsAsync("strict client", async () => await client.GetStringAsync("/missing"));
    }

    static async Task Send(Transcript to, HttpClient client, HttpRequestMessage request)
    {
        using (request)
        using (var response = await client.SendAsync(request))
        {
            var body = await response.Content.ReadAsStringAsync();
            // A problem's trace id is new in every run.
            if (body.IndexOf("\"traceId\"", StringComparison.Ordinal) is >= 0 and var at)
                body = body[..at];
            if (body.Length > 1_000 || response.Content.Headers.ContentEncoding.Count > 0)
                body = $"{body.Length > 0} {response.Content.Headers.ContentEncoding}";
            to.Add($"{request.Method} {request.RequestUri!.PathAndQuery}",
                $"{(int)response.StatusCode} {response.Content.Headers.ContentType} {response.Headers.Location?.OriginalString.Replace($"{client.BaseAddress}", "/", StringComparison.Ordinal)} {string.Join(",", response.Headers.TryGetValues("X-Seen", out var seen) ? seen : [])} {body}");
        }
    }

    static async Task Hub(Transcript to, Uri address)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60)); // to fail rather than to wait for ever
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(address, patience.Token);
        var hub = new HubConversation(socket, patience.Token);
        await hub.Say("""{"protocol":"json","version":1}""");
        to.Add("handshake", await hub.Hear());
        await hub.Say("""{"type":1,"invocationId":"1","target":"Add","arguments":[2,3]}""");
        to.Add("invocation", await hub.Hear());
        await hub.Say("""{"type":1,"invocationId":"2","target":"Fail","arguments":[]}""");
        to.Add("failure", await hub.Hear());
        await hub.Say("""{"type":1,"invocationId":"3","target":"Nothing","arguments":[]}""");
        to.Add("unknown", await hub.Hear());
        await hub.Say("""{"type":4,"invocationId":"4","target":"Count","arguments":[3]}""");
        for (var message = 0; message < 4; message++)
            to.Add("stream", await hub.Hear());
        await hub.Say("""{"type":1,"target":"Tell","arguments":["all"]}""");
        to.Add("broadcast", await hub.Hear());
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
        to.Add("closed", socket.State);
    }
}

sealed record WebItem(int Id, string Name);

sealed class WebHub : Hub
{
    public int Add(int left, int right) => Clients is null ? 0 : left + right;

    public Task Fail() => throw new HubException($"as asked, {Context.Features.Any()}");

    public async IAsyncEnumerable<int> Count(int to)
    {
        for (var number = 1; number <= to && !Context.ConnectionAborted.IsCancellationRequested; number++)
        {
            await Task.Yield();
            yield return number;
        }
    }

    public Task Tell(string text) => Clients.All.SendAsync("Told", text);
}
