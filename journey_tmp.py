import sys, httpx2, time, json
from pathlib import Path
from tests.journey.program import *
data=Path(sys.argv[1])
p=up(data, ANONYMIZER_REVIEW_SHARE="0.0").start()
try:
    key=partner_key(data); a=staff_token(data,name="Ana"); b=staff_token(data,name="Bo")
    url=p.url
    text="Gisteren zag ik hoe Brulboeia Kwantelaar werd geweigerd bij ساعدني de ingang.\nBel 06-12345678."
    r=httpx2.post(url+"/intake/v1/signalen",json=a_signal(toelichting=text, melder={"naam":"Brulboeia Kwantelaar"}),headers=bearer(key)); print(r.status_code)
    code=r.json()["ontvangstcode"]
    eventually(lambda: counted(url,a)==1)
    q=httpx2.get(url+"/anonymizer/v1/beoordelingen?status=open",headers=bearer(a)).json(); print(json.dumps(q,ensure_ascii=False)[:600])
    rid=q["beoordelingen"][0]["id"]
    d=httpx2.get(f"{url}/anonymizer/v1/beoordelingen/{rid}",headers=bearer(a)).json(); print(json.dumps(d,ensure_ascii=False))
    print(httpx2.post(f"{url}/anonymizer/v1/beoordelingen/{rid}/besluiten",json={"besluit":"akkoord"},headers=bearer(b)).text)
    t=time.time()
    x=httpx2.post(f"{url}/anonymizer/v1/beoordelingen/{rid}/besluiten",json={"besluit":"als-melding","codering":{"gronden":["godsdienst"]}},headers=bearer(a)); print(x.status_code)
    eventually(lambda: counted(url,a,soort="melding")==1); print("figure after", round(time.time()-t,2)); print(counted(url,a))
    print(httpx2.get(url+"/stats/v1/cijfers",params={"rijen":"grond","soort":"melding"},headers=bearer(a)).json()["cellen"])
    x=httpx2.post(f"{url}/anonymizer/v1/beoordelingen/{rid}/herroepingen",headers=bearer(a)); print(x.status_code)
    eventually(lambda: counted(url,a)==1)
    for n in range(6):
        httpx2.post(url+"/intake/v1/signalen",json=a_signal(n,toelichting="Ik ben Zwierpata tegengekomen in Hobbelkwast.\n\nHij riep iets lelijks over mijn moskee. Nummer 0031612345678 hoort bij hem."),headers=bearer(key))
    eventually(lambda: counted(url,a)==7)
    rep=json_of("check","--data",str(data)); print(rep)
    o=httpx2.get(url+"/anonymizer/v1/openapi.json").text; Path("/tmp/anon_openapi.json").write_text(o)
    Path("/tmp/tok").write_text(a); Path("/tmp/anonurl").write_text(url); Path("/tmp/rid").write_text(rid)
    if len(sys.argv)>2:
        import subprocess; subprocess.run(sys.argv[2:])
finally:
    print("exit",p.stop()); print((data/"stderr.log").read_text()[-1500:])
