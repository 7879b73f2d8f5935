import { tensor } from '../src/index.js';
import { generateAll, Seq2Seq } from '../src/text/index.js';
import type { Workload } from './workload.js';

const [VOCABULARY, HIDDEN, SOURCE, TARGET, BEAMS] = [6000, 256, 15, 20, 5];

/** Translates sentences with beams; all are as long as they may be, so that both sides do the same steps. */
const beamSearch = (sentences: number): Workload => ({
  row: 'beam search, sequence to sequence with attention, width 5',
  name: `${sentences} ${sentences === 1 ? 'sentence' : 'sentences'} of ${SOURCE} → ${TARGET} tokens`,
  target: 3,
  engine: 'native',
  samples: 7,
  ours() {
    const model = new Seq2Seq(VOCABULARY, VOCABULARY, { embeddingDim: HIDDEN, hiddenSize: HIDDEN });
    model.eval();
    const ids = Array.from({ length: sentences }, (_, i) =>
      Array.from({ length: SOURCE }, (_, k) => (37 * i + 11 * k) % VOCABULARY),
    );
    const source = tensor(ids, { dtype: 'int32' });
    const lengths = ids.map(({ length }) => length);
    const prompts = ids.map(() => [1]);
    return async () => {
      const state = model.encode(source, lengths);
      await generateAll(model, prompts, { state, numBeams: BEAMS, maxNewTokens: TARGET, eosTokenId: 2 });
    };
  },
  rival: {
    kind: 'torch',
    setup: `
B, K, V, H, S, T = ${sentences}, ${BEAMS}, ${VOCABULARY}, ${HIDDEN}, ${SOURCE}, ${TARGET}
source_embedding, target_embedding = nn.Embedding(V, H), nn.Embedding(V, H)
encoder = nn.LSTM(H, H, batch_first=True, bidirectional=True)
decoder = nn.LSTM(H, H, batch_first=True)
bridge_h, bridge_c = nn.Linear(2 * H, H), nn.Linear(2 * H, H)
score, combine = nn.Linear(2 * H, H, bias=False), nn.Linear(3 * H, H, bias=False)
output = nn.Linear(H, V)
source = torch.randint(0, V, (B, S))
def both(state, bridge):
    return torch.tanh(bridge(torch.cat([state[0], state[1]], 1))).unsqueeze(0)
def step(ids, state, keys, memory):
    h, state = decoder(target_embedding(ids), state)
    weights = torch.bmm(h, keys.transpose(1, 2)).softmax(2)
    context = torch.bmm(weights, memory)
    return output(torch.tanh(combine(torch.cat([h, context], 2))))[:, 0], state
def search():
    memory, (h, c) = encoder(source_embedding(source))
    state = both(h, bridge_h), both(c, bridge_c)
    keys = score(memory)
    logits, state = step(torch.ones(B, 1, dtype=torch.long), state, keys, memory)
    scores, ids = F.log_softmax(logits, 1).topk(K, 1)
    rows = torch.arange(B).repeat_interleave(K)
    state = state[0][:, rows], state[1][:, rows]
    keys, memory = keys[rows], memory[rows]
    sequences = ids.view(B * K, 1)
    done = [[] for _ in range(B)]
    for t in range(1, T):
        logits, state = step(sequences[:, -1:], state, keys, memory)
        total = F.log_softmax(logits, 1) + scores.view(B * K, 1)
        best, places = total.view(B, K * V).topk(2 * K, 1)
        beams, tokens = places // V, places % V
        next_rows, next_ids, next_scores = [], [], []
        for b, (own, words, values) in enumerate(zip(beams.tolist(), tokens.tolist(), best.tolist())):
            kept = 0
            for beam, word, value in zip(own, words, values):
                if word == 2:
                    done[b].append((value / (t + 1), sequences[b * K + beam]))
                elif kept < K:
                    next_rows.append(b * K + beam); next_ids.append(word); next_scores.append(value)
                    kept += 1
        rows = torch.tensor(next_rows)
        sequences = torch.cat([sequences[rows], torch.tensor(next_ids).view(-1, 1)], 1)
        scores = torch.tensor(next_scores)
        state = state[0][:, rows], state[1][:, rows]
    return sequences.tolist()`,
    run: `
with torch.no_grad():
    search()`,
  },
});

export const beamSearchWorkloads: readonly Workload[] = [beamSearch(1), beamSearch(32)];
