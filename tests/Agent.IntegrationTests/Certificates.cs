using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Agent.IntegrationTests;

/// <summary>A certificate authority that nobody knows, made for one test, and the certificates it has signed.</summary>
sealed class Certificates : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("agent-certificates").FullName;
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Certificates()
    {
        var request = new CertificateRequest("CN=Test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        Authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Server = Sign("CN=localhost", 1).Certificate;
        (var client, ClientKeyFile) = Sign("CN=storefront", 2);
        AuthorityFile = Write("authority.pem", Authority.ExportCertificatePem());
        ClientFile = Write("client.pem", client.ExportCertificatePem());
    }

    public X509Certificate2 Authority { get; }

    public X509Certificate2 Server { get; }

    public string AuthorityFile { get; }

    public string ClientFile { get; }

    public string ClientKeyFile { get; }

    public string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose()
    {
        _key.Dispose();
        Authority.Dispose();
        Server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    (X509Certificate2 Certificate, string KeyFile) Sign(string subject, byte number)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(Authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [number]);
        using var withKey = signed.CopyWithPrivateKey(key);
        return (X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null), Write($"{number}.key", key.ExportPkcs8PrivateKeyPem()));
    }
}
