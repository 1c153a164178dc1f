namespace Agent.Viewer.Otlp;

/// <summary>What all requests together hold until they are taken: many large ones at once must not take the machine's memory. Thread-safe.</summary>
sealed class BytesInWork
{
    /// <summary>How much it may be.</summary>
    public const long Most = 4L * OtlpReceiver.MaxRequestBytes;

    long _bytes;

    /// <summary>The sentence for who has to send it again.</summary>
    public static string Refusal { get; } = $"{Most >> 20} MiB are being received already; send it again.";

    /// <returns>False if it is too much; it counts nevertheless, until it is removed.</returns>
    public bool Add(int bytes) => Interlocked.Add(ref _bytes, bytes) <= Most;

    /// <summary>They are taken, or were given up.</summary>
    public void Remove(int bytes) => Interlocked.Add(ref _bytes, -bytes);
}
