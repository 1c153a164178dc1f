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
        var answer = new ProtobufWriter(0);
        var partial = answer.Begin(1);
        Fields(answer, accepted.Rejected, accepted.Message);
        answer.End(partial);
        return answer.Written.ToArray();
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
        var status = new ProtobufWriter(0);
        Fields(status, code, message);
        return status.Written.ToArray();
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

    // Both messages have a number and a text; what is zero or empty is not written.
    static void Fields(ProtobufWriter message, int number, string text)
    {
        if (number != 0)
            message.Varint(1, (ulong)number);
        if (text.Length > 0)
            message.Bytes(2, Encoding.UTF8.GetBytes(text));
    }
}
