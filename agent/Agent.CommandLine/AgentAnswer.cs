using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Agent.Diagnosis;

namespace Agent.CommandLine;

/// <summary>What the agent in a running process says of itself, asked over the diagnostics port (<see cref="StatusSource"/>).</summary>
static class AgentAnswer
{
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <returns>The status document; null if there is no agent in the process, or it does not answer.</returns>
    /// <exception cref="DiagnosticsException">The process cannot be asked.</exception>
    public static string? Ask(DiagnosticsPort port)
    {
        var word = $"agent-{Guid.NewGuid():N}";
        string? status = null;
        port.Trace(StatusSource.SourceName, $"{StatusSource.Ask}={word}", trace => (status = Find(trace.Span, word)) is not null, Timeout);
        return status;
    }

    /// <summary>
    /// The parts of the answer are texts in UTF-16 that begin with the word, each in one piece: what is around them in the trace does not matter.
    /// </summary>
    static string? Find(ReadOnlySpan<byte> trace, string word)
    {
        var start = Encoding.Unicode.GetBytes(word + " ");
        var parts = new SortedDictionary<int, string>();
        for (var at = 0; trace[at..].IndexOf(start) is var next and >= 0;)
        {
            at += next + start.Length;
            var text = trace[at..];
            var length = 0;
            while (length + 1 < text.Length && (text[length] != 0 || text[length + 1] != 0))
                length += 2;
            if (length + 1 >= text.Length)
                return null; // the rest has not come yet
            var part = MemoryMarshal.Cast<byte, char>(text[..length].ToArray()).ToString().Split(' ', 3);
            parts[int.Parse(part[0], CultureInfo.InvariantCulture)] = part[2];
            if (parts.Count == int.Parse(part[1], CultureInfo.InvariantCulture))
                return string.Concat(parts.Values);
        }
        return null;
    }
}
