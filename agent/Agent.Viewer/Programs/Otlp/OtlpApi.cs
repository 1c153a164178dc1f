using System.Buffers;
using System.Text.Json;
using Agent.Viewer.Otlp;
using Agent.Viewer.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Agent.Viewer.Programs.Otlp;

/// <summary>OTLP's JSON out, one trace, those of a filter, or each one when it is finished; and in again.</summary>
sealed class OtlpApi(TraceStore store, IHostApplicationLifetime lifetime, BytesInWork work)
{
    const string Path = "/api/otlp/traces";

    // Each keeps a connection, and spans that wait for it; what is left of the connections is for those who look.
    const int MaxFollowers = 50;

    int _followers;

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = new Api(routes, WriteRefusal);
        api.Get(Path, context => new Parameters(context).Flag("follow") ? FollowAsync(context) : TracesAsync(context));
        api.Get(Path + "/{id}", TraceAsync);
        api.Post(Path, new OtlpHttpEndpoint(store, work).ImportAsync);
    }

    async Task TraceAsync(HttpContext context)
    {
        var trace = ProgramApis.FindTrace(store, context);
        await using var answer = new JsonAnswer(context);
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("resourceSpans"u8);
        await OtlpJsonWriter.WriteResourceSpansAsync(answer.Json, trace, answer.SendIfMuchAsync);
        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
    }

    async Task TracesAsync(HttpContext context)
    {
        var found = store.Find(Search.Of(new Parameters(context)));
        await using var answer = new JsonAnswer(context);
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("resourceSpans"u8);
        var written = 0;
        foreach (var summary in found.Traces)
        {
            // One at a time, so that the memory holds one; it may be gone by now.
            if (store.Find(summary.TraceId) is not { } trace)
                continue;
            await OtlpJsonWriter.WriteResourceSpansAsync(answer.Json, trace, answer.SendIfMuchAsync);
            written++;
        }

        answer.Json.WriteEndArray();
        if (written < found.Total)
            WriteLeftOut(answer.Json, found.Total - written, 0);
        answer.Json.WriteEndObject();
    }

    async Task FollowAsync(HttpContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _followers) > MaxFollowers)
                throw new Refusal(StatusCodes.Status503ServiceUnavailable, $"{MaxFollowers} are following already; one of them has to leave first.");
            await SendFinishedAsync(context);
        }
        finally
        {
            Interlocked.Decrement(ref _followers);
        }
    }

    async Task SendFinishedAsync(HttpContext context)
    {
        var parameters = new Parameters(context);
        var filter = Search.Filter(parameters.Text("filter") ?? "");
        var limit = parameters.Limit(int.MaxValue, "limit");
        // A follower would hold up the end of the process otherwise.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        // While the folder is read, what comes is kept there and told to nobody.
        await store.Replay.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var follower = new TraceFollower(store);
        await using var answer = new JsonAnswer(context, "application/x-ndjson");
        // Whoever sees the headers knows that nothing is missed from now on.
        await answer.SendAsync();
        try
        {
            await foreach (var news in follower.ReadAsync(end.Token))
            {
                if (news.Trace is null)
                {
                    answer.Json.WriteStartObject();
                    answer.Json.WriteStartArray("resourceSpans"u8);
                    answer.Json.WriteEndArray();
                    WriteLeftOut(answer.Json, news.LeftOutTraces, news.LeftOutSpans);
                    answer.Json.WriteEndObject();
                    answer.EndLine();
                }
                else if (await LineAsync(news.Trace) is var line && IsWanted(line, filter))
                {
                    context.Response.BodyWriter.Write(line.Span);
                    answer.EndLine();
                    limit--;
                }

                await answer.SendAsync();
                if (limit == 0)
                    return;
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Told to stop, or nobody listens.
        }
    }

    static async ValueTask<ReadOnlyMemory<byte>> LineAsync(Trace trace)
    {
        var line = new ArrayBufferWriter<byte>();
        await using var json = new Utf8JsonWriter(line);
        json.WriteStartObject();
        json.WriteStartArray("resourceSpans"u8);
        await OtlpJsonWriter.WriteResourceSpansAsync(json, trace, static () => ValueTask.CompletedTask);
        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync();
        return line.WrittenMemory;
    }

    // A store of its own with this one trace: it understands the filter, and however many traces the other one has costs nothing.
    static bool IsWanted(ReadOnlyMemory<byte> line, TraceFilter filter)
    {
        if (filter.Terms.Count == 0)
            return true;
        using var alone = new TraceStore();
        alone.Add(OtlpJson.ToProtobuf(line.Span));
        return alone.Find(new TraceQuery { Filter = filter, Limit = 1 }).Total > 0;
    }

    // OTLP's readers skip fields that they do not know, so what has this in it can be sent anywhere.
    static void WriteLeftOut(Utf8JsonWriter json, int traces, int spans)
    {
        json.WriteStartObject("leftOut"u8);
        json.WriteNumber("traces"u8, traces);
        if (spans > 0)
            json.WriteNumber("spans"u8, spans);
        json.WriteEndObject();
    }

    // google.rpc.Status, as OTLP answers: 3 is INVALID_ARGUMENT, 5 NOT_FOUND, 14 UNAVAILABLE.
    static void WriteRefusal(Utf8JsonWriter json, int status, string message)
    {
        json.WriteStartObject();
        json.WriteNumber("code"u8, status switch { StatusCodes.Status404NotFound => 5, StatusCodes.Status503ServiceUnavailable => 14, _ => 3 });
        json.WriteString("message"u8, message);
        json.WriteEndObject();
    }
}
