namespace Agent.Benchmarks;

/// <summary>The measurement cannot go on, or would not mean what it says. The message is all that is printed.</summary>
sealed class BenchmarkException(string message) : Exception(message);
