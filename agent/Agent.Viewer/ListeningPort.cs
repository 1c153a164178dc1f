using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Agent.Viewer;

/// <summary>A TCP port with one purpose.</summary>
/// <param name="option">The option of the command line that chooses it.</param>
/// <param name="address">The address to listen at.</param>
/// <param name="number">0 for any free one.</param>
/// <param name="protocols">What is spoken there.</param>
sealed class ListeningPort(string option, IPAddress address, int number, HttpProtocols protocols)
{
    public string Option { get; } = option;

    public IPAddress Address { get; } = address;

    public HttpProtocols Protocols { get; } = protocols;

    /// <summary>What it was opened as; null before that.</summary>
    public ListenOptions? Opened { get; set; }

    /// <summary>Its number, known once the server has started if any free one was asked for.</summary>
    public int Number => Opened?.IPEndPoint?.Port ?? number;

    /// <summary>Where it can be reached on this machine.</summary>
    public Uri Uri => new UriBuilder("http", (Address.Equals(IPAddress.Any) ? IPAddress.Loopback : Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : Address).ToString(), Number).Uri;
}
