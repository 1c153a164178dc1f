using System.Text;
using System.Text.Json;
using Agent.Viewer.Storage;

namespace Agent.Viewer.Otlp;

/// <summary>What OTLP answers, in either encoding: <c>ExportTraceServiceResponse</c> and <c>google.rpc.Status</c>.</summary>
static class OtlpAnswer
{
    /// <summary>An empty answer says that everything was taken.</summary>
    public static byte[] Protobuf(AcceptedSpans accepted)
    {
        if (accepted is { Rejected: 0, Message: "" })
            return [];
        var partial = new MemoryStream();
        Varint(partial, 1, accepted.Rejected);
        Text(partial, 2, accepted.Message);
        var answer = new MemoryStream();
        Bytes(answer, 1, partial.ToArray());
        return answer.ToArray();
    }

    /// <summary>Likewise as OTLP/JSON.</summary>
    public static byte[] Json(AcceptedSpans accepted) => Write(writer =>
    {
        writer.WriteStartObject("partialSuccess");
        if (accepted.Rejected > 0)
            writer.WriteString("rejectedSpans", accepted.Rejected.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (accepted.Message.Length > 0)
            writer.WriteString("errorMessage", accepted.Message);
        writer.WriteEndObject();
    });

    /// <summary>Why nothing was taken.</summary>
    /// <param name="code">A code of gRPC.</param>
    /// <param name="message">The sentence.</param>
    public static byte[] StatusProtobuf(int code, string message)
    {
        var status = new MemoryStream();
        Varint(status, 1, code);
        Text(status, 2, message);
        return status.ToArray();
    }

    /// <summary>Likewise as JSON.</summary>
    public static byte[] StatusJson(int code, string message) => Write(writer =>
    {
        writer.WriteNumber("code", code);
        writer.WriteString("message", message);
    });

    static byte[] Write(Action<Utf8JsonWriter> content)
    {
        var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            content(writer);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    static void Varint(MemoryStream message, int field, int number)
    {
        if (number == 0)
            return;
        message.WriteByte((byte)(field << 3));
        Number(message, (uint)number);
    }

    static void Text(MemoryStream message, int field, string text)
    {
        if (text.Length > 0)
            Bytes(message, field, Encoding.UTF8.GetBytes(text));
    }

    static void Bytes(MemoryStream message, int field, ReadOnlySpan<byte> bytes)
    {
        message.WriteByte((byte)((field << 3) | 2));
        Number(message, (uint)bytes.Length);
        message.Write(bytes);
    }

    static void Number(MemoryStream message, uint number)
    {
        for (; number >= 0x80; number >>= 7)
            message.WriteByte((byte)(number | 0x80));
        message.WriteByte((byte)number);
    }
}
