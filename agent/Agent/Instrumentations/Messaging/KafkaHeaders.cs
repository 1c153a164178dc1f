using System.Collections;
using System.Runtime.CompilerServices;
using System.Text;
using Agent.Tracing;

namespace Agent.Instrumentations.Messaging;

/// <summary>Headers of Kafka messages, of whatever version of the package the app has.</summary>
static class KafkaHeaders
{
    const string Headers = "Confluent.Kafka.Headers, Confluent.Kafka";
    const string Header = "Confluent.Kafka.IHeader, Confluent.Kafka";

    /// <summary>The headers that are sent: the app's own, whose message stays as it is, and the current span's context.</summary>
    /// <param name="own">An IReadOnlyList of IHeader; null if the message has none.</param>
    public static object WithContext(object? own)
    {
        var headers = New();
        foreach (var header in (IEnumerable?)own ?? Array.Empty<object>())
            Add(headers, header);
        MessageContext.Inject(headers, static (headers, name, value) => Add(headers, name, Encoding.UTF8.GetBytes(value)));
        return BackingList(headers);
    }

    /// <summary>The last header of that name, which is the one that counts.</summary>
    public static string? Read(object headers, string name) => TryGet(headers, name, out var value) && value is not null ? Encoding.UTF8.GetString(value) : null;

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType(Headers)]
    static extern object New();

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Add")]
    static extern void Add([UnsafeAccessorType(Headers)] object headers, string key, byte[] value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Add")]
    static extern void Add([UnsafeAccessorType(Headers)] object headers, [UnsafeAccessorType(Header)] object header);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_BackingList")]
    [return: UnsafeAccessorType("System.Collections.Generic.IReadOnlyList`1[[Confluent.Kafka.IHeader, Confluent.Kafka]]")]
    static extern object BackingList([UnsafeAccessorType(Headers)] object headers);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "TryGetLastBytes")]
    static extern bool TryGet([UnsafeAccessorType(Headers)] object headers, string key, out byte[]? value);
}
