/* The RSA keys that Debian's OpenSSL could make (CVE-2008-0166), as openssl-blacklist knows them.
 *
 *   gcc -O2 scripts/make_debian_weak_keys.c -lgmp -lcrypto -o /tmp/weak
 *   /tmp/weak le64 rnd 2048 0 32767        one line a process id: the id, the last 20 digits of
 *                                          SHA-1("Modulus=" modulus "\n")
 *
 * certtui/knowledge/debian_weak_keys.bin holds the last 16 of those digits as 8 octets, sorted, of every key of 2048
 * bits that `openssl genrsa` and `openssl req` could make: architectures le64 (amd64), le32 (i386), be32 (PowerPC,
 * SPARC, HPPA), states rnd, old and new, process ids 0 to 32767.
 *
 *   rnd  ~/.rnd was there           old  it was not, OpenSSL 0.9.8c           new  it was not, OpenSSL 0.9.8g
 *
 * With what was added to the pool left out of the hash, only the number and length of the additions and the process
 * id decide what comes out. Everything below mirrors the order in which OpenSSL 0.9.8 draws. Checked against keys of
 * github.com/HARICA-official/debian-weak-keys and github.com/badkeys/debianopenssl, one or more of each of the nine.
 */
#include <gmp.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POOL = 1023, DIGEST = SHA_DIGEST_LENGTH, HALF = DIGEST / 2, SEED = 32, PRIMES = 2048 };

static int long_size, stat_size, big_endian;
static unsigned process_id, small_primes[PRIMES];

static unsigned char pool[POOL], digest[DIGEST];
static long filled, position;
static unsigned long drawn, added;
static double entropy;
static int is_seeded, is_stirred;

static void put(unsigned char *out, unsigned long value, int size)
{
    for (int i = 0; i < size; i++)
        out[big_endian ? size - 1 - i : i] = value >> (8 * i);
}

static void hash_counters(SHA_CTX *hash, unsigned long first, unsigned long second)
{
    unsigned char octets[16];
    put(octets, first, long_size);
    put(octets + long_size, second, long_size);
    SHA1_Update(hash, octets, 2 * long_size);
}

static void hash_pool(SHA_CTX *hash, long from, long count, long size)
{
    long beyond = from + count - size;
    SHA1_Update(hash, pool + from, beyond > 0 ? count - beyond : count);
    if (beyond > 0)
        SHA1_Update(hash, pool, beyond);
}

/* ssleay_rand_add, without the octets that are added */
static void add(int length, double bits)
{
    long at = position;
    unsigned long count = added;
    unsigned char local[DIGEST];
    memcpy(local, digest, DIGEST);
    position += length;
    if (position >= POOL) {
        position %= POOL;
        filled = POOL;
    } else if (filled < POOL && position > filled)
        filled = position;
    added += length / DIGEST + (length % DIGEST > 0);
    for (int done = 0; done < length; done += DIGEST) {
        int now = length - done > DIGEST ? DIGEST : length - done;
        SHA_CTX hash;
        SHA1_Init(&hash);
        SHA1_Update(&hash, local, DIGEST);
        hash_pool(&hash, at, now, POOL);
        hash_counters(&hash, drawn, count++);
        SHA1_Final(local, &hash);
        for (int i = 0; i < now; i++, at = (at + 1) % POOL)
            pool[at] ^= local[i];
    }
    for (int i = 0; i < DIGEST; i++)
        digest[i] ^= local[i];
    if (entropy < SEED)
        entropy += bits;
}

/* RAND_poll: 32 octets of /dev/urandom, the process id, the user id, the time */
static void seed(void)
{
    add(SEED, SEED);
    for (int i = 0; i < 3; i++)
        add(long_size, 0);
    is_seeded = 1;
}

/* ssleay_rand_bytes, without the octets that were in the buffer */
static void draw(unsigned char *out, int length)
{
    unsigned unused_id = process_id;
    if (!is_seeded)
        seed();
    int has_enough = entropy >= SEED;
    if (!has_enough)
        entropy = entropy > length ? entropy - length : 0;
    if (!is_stirred)
        for (int left = POOL; left > 0; left -= DIGEST)
            add(DIGEST, 0);
    is_stirred |= has_enough;
    long at = position, size = filled;
    unsigned long first = drawn, second = added;
    unsigned char local[DIGEST];
    memcpy(local, digest, DIGEST);
    position += (1 + (length - 1) / HALF) * HALF;
    if (position > filled)
        position %= filled;
    drawn++;
    SHA_CTX hash;
    while (length > 0) {
        int now = length < HALF ? length : HALF;
        length -= now;
        SHA1_Init(&hash);
        if (unused_id) {
            unsigned char octets[4];
            put(octets, unused_id, 4);
            SHA1_Update(&hash, octets, 4);
            unused_id = 0;
        }
        SHA1_Update(&hash, local, DIGEST);
        hash_counters(&hash, first, second);
        hash_pool(&hash, at, HALF, size);
        SHA1_Final(local, &hash);
        for (int i = 0; i < HALF; i++, at = (at + 1) % size) {
            pool[at] ^= local[i];
            if (i < now)
                *out++ = local[i + HALF];
        }
    }
    SHA1_Init(&hash);
    hash_counters(&hash, first, second);
    SHA1_Update(&hash, local, DIGEST);
    SHA1_Update(&hash, digest, DIGEST);
    SHA1_Final(digest, &hash);
}

/* bnrand; the time is added first */
static void random_number(mpz_t number, int bits, int is_for_prime)
{
    unsigned char octets[1024];
    int length = (bits + 7) / 8, top = (bits - 1) % 8;
    add(long_size, 0);
    draw(octets, length);
    if (is_for_prime) {
        octets[0] |= 3 << (top - 1);
        octets[length - 1] |= 1;
    }
    octets[0] &= ~(0xff << (top + 1));
    mpz_import(number, length, 1, 1, 0, 0, octets);
}

/* probable_prime: neither the number nor the one below it is divisible by a small prime */
static void candidate(mpz_t number, int bits)
{
    unsigned rest[PRIMES], step = 0;
    random_number(number, bits, 1);
    for (int i = 1; i < PRIMES; i++)
        rest[i] = mpz_fdiv_ui(number, small_primes[i]);
    for (int i = 1; i < PRIMES; i++)
        if ((rest[i] + step) % small_primes[i] <= 1) {
            step += 2;
            i = 0;
        }
    mpz_add_ui(number, number, step);
}

/* BN_is_prime_fasttest_ex; a composite number is taken for one at the first base, whatever that is */
static int looks_prime(mpz_t number, int checks)
{
    mpz_t below, base, power;
    mpz_inits(below, base, power, NULL);
    mpz_sub_ui(below, number, 1);
    int is_prime = 1;
    for (int i = 0; i < checks && is_prime; i++) {
        do
            random_number(base, mpz_sizeinbase(below, 2), 0);
        while (mpz_cmp(base, below) >= 0);
        mpz_add_ui(base, base, 1);
        mpz_powm(power, base, below, number);
        is_prime = mpz_cmp_ui(power, 1) == 0;
    }
    mpz_clears(below, base, power, NULL);
    return is_prime;
}

/* One prime of rsa_builtin_keygen: 65537 must not divide the number below it */
static void random_prime(mpz_t prime, int bits)
{
    int checks = bits >= 1300 ? 2 : bits >= 850 ? 3 : bits >= 650 ? 4 : 5;
    do {
        do
            candidate(prime, bits);
        while (!looks_prime(prime, checks));
    } while (mpz_fdiv_ui(prime, 65537) == 1);
}

static void begin(const char *state, unsigned id)
{
    memset(pool, 0, sizeof pool);
    memset(digest, 0, sizeof digest);
    filled = position = drawn = added = is_seeded = is_stirred = 0;
    entropy = 0;
    process_id = id;
    if (strcmp(state, "new") != 0)
        add(stat_size, 0);
    if (strcmp(state, "rnd") == 0)
        add(1024, 1024);
    else
        seed();
}

static void print_fingerprint(unsigned id, mpz_t modulus)
{
    unsigned char hash[DIGEST];
    char *line;
    int length = gmp_asprintf(&line, "Modulus=%ZX\n", modulus);
    SHA1((unsigned char *)line, length, hash);
    printf("%u ", id);
    for (int i = HALF; i < DIGEST; i++)
        printf("%02x", hash[i]);
    puts("");
    free(line);
}

int main(int count, char **words)
{
    if (count != 6) {
        fprintf(stderr, "usage: %s le64|le32|be32 rnd|old|new BITS FIRST-ID LAST-ID\n", words[0]);
        return 2;
    }
    big_endian = words[1][0] == 'b';
    long_size = strstr(words[1], "64") ? 8 : 4;
    stat_size = long_size == 8 ? 144 : 88;
    int bits = atoi(words[3]), found = 0;
    for (unsigned number = 2; found < PRIMES; number++) {
        int i = 0;
        while (i < found && number % small_primes[i])
            i++;
        if (i == found)
            small_primes[found++] = number;
    }
    mpz_t p, q;
    mpz_inits(p, q, NULL);
    for (unsigned id = atoi(words[4]); id <= (unsigned)atoi(words[5]); id++) {
        begin(words[2], id);
        random_prime(p, (bits + 1) / 2);
        random_prime(q, bits - (bits + 1) / 2);
        mpz_mul(p, p, q);
        print_fingerprint(id, p);
    }
}
