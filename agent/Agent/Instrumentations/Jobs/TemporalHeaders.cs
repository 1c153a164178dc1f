using System.Collections;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Agent.Tracing;

namespace Agent.Instrumentations.Jobs;

/// <summary>Trace contexts in Temporal's headers, as the tracing interceptors of its own SDKs, in whatever language, write and read them: one entry, a JSON object of what would be HTTP's headers.</summary>
static class TemporalHeaders
{
    const string Key = "_tracer-data", Encoding = "encoding", Json = "json/plain";

    const string Payload = "Temporalio.Api.Common.V1.Payload, Temporalio", Bytes = "Google.Protobuf.ByteString, Google.Protobuf";

    /// <summary>The types of headers that are sent, and that have come.</summary>
    internal const string Map = $"Google.Protobuf.Collections.MapField`2[[System.String, System.Private.CoreLib],[{Payload}]], Google.Protobuf",
        ReadOnly = $"System.Collections.Generic.IReadOnlyDictionary`2[[System.String, System.Private.CoreLib],[{Payload}]], System.Private.CoreLib";

    static readonly Type Headers = typeof(Dictionary<,>).MakeGenericType(typeof(string), NewPayload().GetType());

    /// <summary>The context that headers have brought; default if none.</summary>
    /// <param name="headers">A dictionary of payloads, after what the app has for coding them.</param>
    public static ActivityContext Read(object? headers)
    {
        if (headers is not IDictionary all || all[Key] is not { } payload)
            return default;
        try
        {
            using var carrier = JsonDocument.Parse(ToByteArray(Data(payload)));
            return carrier.RootElement.ValueKind != JsonValueKind.Object ? default : MessageContext.Extract(carrier.RootElement, static (carrier, name) =>
                carrier.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null);
        }
        catch (JsonException) // whoever has written it has another form
        {
            return default;
        }
    }

    /// <summary>Headers with a context, beside what the app has put there; the app's own object stays as it is.</summary>
    /// <param name="headers">A dictionary; null if there are none.</param>
    /// <param name="sender">The span that they belong to.</param>
    public static object With(object? headers, Activity sender)
    {
        var all = (IDictionary)(headers is null ? Activator.CreateInstance(Headers)! : Activator.CreateInstance(Headers, headers)!);
        Add(all, sender);
        return all;
    }

    /// <summary>Adds a context to headers of ours, unless the app has one there.</summary>
    public static void Add(IDictionary headers, Activity sender)
    {
        if (headers.Contains(Key))
            return;
        var carrier = new Dictionary<string, string>();
        MessageContext.Inject(sender, carrier, static (carrier, name, value) => carrier[name] = value);
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in carrier)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }
        var payload = NewPayload();
        ((IDictionary)Metadata(payload)).Add(Encoding, FromText(null, Json));
        SetData(payload, FromBytes(null, json.ToArray()));
        headers.Add(Key, payload);
    }

    /// <summary>The same headers for the next run of a workflow.</summary>
    /// <param name="headers">Of the next run.</param>
    /// <param name="own">Of this one.</param>
    public static void HandOn(IDictionary headers, object? own)
    {
        if (own is IDictionary all && all[Key] is { } payload && !headers.Contains(Key))
            headers.Add(Key, payload);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(Payload)]
    static extern object NewPayload();

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Metadata")]
    [return: UnsafeAccessorType($"Google.Protobuf.Collections.MapField`2[[System.String, System.Private.CoreLib],[{Bytes}]], Google.Protobuf")]
    static extern object Metadata([UnsafeAccessorType(Payload)] object payload);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Data")]
    [return: UnsafeAccessorType(Bytes)]
    static extern object Data([UnsafeAccessorType(Payload)] object payload);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_Data")]
    static extern void SetData([UnsafeAccessorType(Payload)] object payload, [UnsafeAccessorType(Bytes)] object data);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "ToByteArray")]
    static extern byte[] ToByteArray([UnsafeAccessorType(Bytes)] object bytes);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "CopyFrom")]
    [return: UnsafeAccessorType(Bytes)]
    static extern object FromBytes([UnsafeAccessorType(Bytes)] object? type, byte[] bytes);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "CopyFromUtf8")]
    [return: UnsafeAccessorType(Bytes)]
    static extern object FromText([UnsafeAccessorType(Bytes)] object? type, string text);
}
