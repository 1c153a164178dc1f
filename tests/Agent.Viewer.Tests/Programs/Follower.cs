using System.Text;
using System.Text.Json;

namespace Agent.Viewer.Tests.Programs;

/// <summary>Reads lines as they come.</summary>
sealed class Follower(HttpResponseMessage response, StreamReader reader, CancellationToken cancellation) : IDisposable
{
    readonly StringBuilder _everything = new();

    /// <summary>What was read until now.</summary>
    public string Everything => _everything.ToString();

    /// <summary>Null at the end.</summary>
    public async Task<string?> LineAsync()
    {
        var line = await reader.ReadLineAsync(cancellation);
        _everything.Append(line).Append('\n');
        return line;
    }

    public async Task<JsonElement> NextAsync() => JsonElement.Parse(await LineAsync() ?? throw new EndOfStreamException());

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
