using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Partners;

/// <summary>A bucket of AWS's object storage.</summary>
static class AwsPartner
{
    public static void Map(WebApplication app)
    {
        if (app.Configuration["Partners:Aws"] is not { } address)
            return;
        var s3 = new AmazonS3Client(new BasicAWSCredentials("key", "s3cret-password"), new AmazonS3Config { ServiceURL = address, ForcePathStyle = true, AuthenticationRegion = "eu-central-1", MaxErrorRetry = 1 });
        app.MapGet("/aws/object", async (string name) =>
        {
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = "letters", Key = name, ContentBody = "Dear Sir or Madam" });
            using var response = await s3.GetObjectAsync("letters", name);
            using var reader = new StreamReader(response.ResponseStream);
            return await reader.ReadToEndAsync();
        });
        app.MapGet("/aws/missing", async () =>
        {
            try
            {
                using var response = await s3.GetObjectAsync("letters", "missing");
                return "found";
            }
            catch (AmazonS3Exception e)
            {
                return e.ErrorCode;
            }
        });
    }
}
