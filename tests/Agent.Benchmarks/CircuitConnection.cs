using Agent.IntegrationTests;

namespace Agent.Benchmarks;

/// <summary>A circuit of Counter's page /tally, for one click after the other.</summary>
sealed class CircuitConnection(Circuit circuit) : IConnection
{
    static readonly HttpClient Pages = new(new SocketsHttpHandler { UseProxy = false });
    static readonly object Click = new { type = "click" };

    public static async Task<IConnection> Connect(Uri app) => new CircuitConnection(await Circuit.Start(Pages, new Uri(app, "/tally")));

    public async Task Ask()
    {
        var drawn = circuit.Drawn;
        if (!await circuit.Dispatch(1, "click", Click))
            throw new LoadException("It did not handle a click");
        if (circuit.Drawn == drawn)
            throw new LoadException("It drew nothing after a click");
    }

    public Task Close() => circuit.Close();

    public void Dispose() => circuit.Dispose();
}
